import { inputError } from "../../error.ts";

/**
 * Checks a readout confusion `[N, 2, 2]` and returns it: entry [qubit][read][true] is P(bit read | true bit).
 *
 * @throws AnsatzError (input) unless there are 4 numbers per qubit, each from 0 to 1, in columns that sum to
 * 1 to 1e-6.
 */
export function checkConfusion(values: ArrayLike<number>, qubits: number, name: string): Float64Array {
  if (values.length !== 4 * qubits)
    throw inputError(
      `${name}: a readout confusion of ${qubits} qubits has ${qubits} matrices of 2 x 2, so ${4 * qubits} numbers, not ${values.length}`,
    );
  const own = Float64Array.from(values);
  for (let q = 0; q < qubits; q++)
    for (let bit = 0; bit < 2; bit++) {
      const [zero, one] = [own[4 * q + bit]!, own[4 * q + 2 + bit]!];
      if (!(zero >= 0 && one >= 0 && Math.abs(zero + one - 1) <= 1e-6))
        throw inputError(
          `${name}: readout confusion of qubit ${q}: given the true bit ${bit}, 0 is read with probability ${zero} and 1 with ` +
            `${one}; they must be 0 or more and sum to 1 (rows: bit read, columns: true bit)`,
        );
    }
  return own;
}

/** The confusion of every qubit alike: `p0` is P(1 read | 0), `p1` is P(0 read | 1). */
export function uniformConfusion(qubits: number, p0: number, p1: number): Float64Array {
  const own = new Float64Array(4 * qubits);
  for (let q = 0; q < qubits; q++) own.set([1 - p0, p1, p0, 1 - p1], 4 * q);
  return own;
}

/**
 * A readout confusion from JSON text: a matrix `[[P(0|0), P(0|1)], [P(1|0), P(1|1)]]` for all qubits, or a list of one for each.
 */
export function readConfusion(text: string, qubits: number, name: string): Float64Array {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw inputError(`${name}: is not JSON; give a list of 2 x 2 matrices, one for each qubit`, cause);
  }
  const flat = Array.isArray(json) ? (json.flat(2) as unknown[]) : [];
  const wrong = flat.find((value) => typeof value !== "number");
  if (flat.length === 0 || wrong !== undefined)
    throw inputError(
      `${name}: holds ${JSON.stringify(wrong) ?? "no matrices"}; a readout confusion is a list of 2 x 2 matrices of numbers`,
    );
  const values = flat as number[];
  return checkConfusion(
    values.length === 4 && qubits > 1 ? Array.from({ length: qubits }, () => values).flat() : values,
    qubits,
    name,
  );
}

/**
 * Returns in words which qubit is read as the opposite bit more often than as the true one; undefined if none is. Such a
 * readout is usual only for bits, or prepared bits, in the wrong order or inverted.
 */
export function flippedText(confusion: Float64Array): string | undefined {
  for (let q = 0; q < confusion.length / 4; q++) {
    const [falseOne, falseZero] = [confusion[4 * q + 2]!, confusion[4 * q + 1]!];
    if (falseOne + falseZero > 1)
      return (
        `qubit ${q} is read as the opposite bit more often than not (0 as 1 with probability ${Number(falseOne.toPrecision(3))}, ` +
        `1 as 0 with ${Number(falseZero.toPrecision(3))})`
      );
  }
  return undefined;
}

/** How near 1 the sum of both flip probabilities may come: errors grow as the inverse of the distance. */
const leastContrast = 1e-6;

/**
 * Throws an input error, naming the qubit, for a readout that reads both bits alike: its shots say nothing of
 * the state, and direct estimators would divide by 0.
 */
export function requireContrast(confusion: Float64Array | undefined, name: string): void {
  for (let q = 0; confusion && q < confusion.length / 4; q++) {
    const read = confusion[4 * q]!;
    if (Math.abs(read - confusion[4 * q + 1]!) < leastContrast)
      throw inputError(
        `${name}: the readout of qubit ${q} reads 0 with probability ${Number(read.toPrecision(4))} whatever the true bit, so its shots say ` +
          "nothing of the state; give another confusion or calibration",
      );
  }
}
