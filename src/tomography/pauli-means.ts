import { isPauli, labelsOf } from "../data/measurements/setting.ts";
import type { Tally } from "./counts.ts";

/** Unbiased means of Pauli strings; see {@link pauliMeans}. */
export interface PauliMeans {
  /**
   * `[4^N]`: the mean of each string, digits I, X, Y, Z = 0 … 3 with qubit 0 the most significant; NaN if no
   * setting measured it.
   */
  readonly means: Float64Array;
  /** `[4^N]`: the shots that measured each string. */
  readonly shots: Float64Array;
}

/**
 * Returns the mean of every Pauli string over all shots that measured it: a setting measures its own letters
 * and those with letters replaced by I. Known readout confusion is inverted qubit by qubit (`signs`).
 * Undefined if axes are not all X, Y and Z.
 */
export function pauliMeans(tally: Tally, signs: Float64Array = signsOf(tally)): PauliMeans | undefined {
  const { qubits, settings, counts, shotsOf } = tally;
  if (!settings.every(isPauli)) return undefined;
  const outcomes = 2 ** qubits;
  const [means, shots] = [new Float64Array(4 ** qubits), new Float64Array(4 ** qubits)];
  const places = new Uint32Array(outcomes);
  settings.forEach((setting, s) => {
    if (shotsOf[s] === 0) return;
    const own = counts.slice(s * outcomes, (s + 1) * outcomes);
    toParities(own, signs);
    stringsOf(labelsOf(setting), places);
    for (let subset = 0; subset < outcomes; subset++) {
      means[places[subset]!]! += own[subset]!;
      shots[places[subset]!]! += shotsOf[s]!;
    }
  });
  for (let i = 0; i < means.length; i++) means[i] = means[i]! / shots[i]!;
  return { means, shots };
}

/**
 * Returns `[N, 2]`: the value of a bit that is read, with the mean of the Pauli matrix: ±1 without confusion.
 */
export function signsOf({ qubits, confusion }: Pick<Tally, "qubits" | "confusion">): Float64Array {
  const signs = new Float64Array(2 * qubits);
  for (let q = 0; q < qubits; q++) {
    const [p0, p1] = confusion ? [confusion[4 * q + 2]!, confusion[4 * q + 1]!] : [0, 0];
    // The mean of ±1 as read is (p1 − p0) + (1 − p0 − p1) ⟨σ⟩.
    signs[2 * q] = (1 - (p1 - p0)) / (1 - p0 - p1);
    signs[2 * q + 1] = (-1 - (p1 - p0)) / (1 - p0 - p1);
  }
  return signs;
}

/** Sums over outcomes, in place, into sums of products of signs over each subset of qubits (qubit 0 the most significant bit). */
function toParities(values: Float64Array, signs: Float64Array): void {
  const qubits = signs.length / 2;
  for (let q = 0, stride = values.length / 2; q < qubits; q++, stride /= 2) {
    const [up, down] = [signs[2 * q]!, signs[2 * q + 1]!];
    for (let block = 0; block < values.length; block += 2 * stride)
      for (let i = block; i < block + stride; i++) {
        const [a, b] = [values[i]!, values[i + stride]!];
        values[i] = a + b;
        values[i + stride] = up * a + down * b;
      }
  }
}

/** The transpose of {@link toParities}: weights of subsets of qubits, in place, into the weight of each outcome. */
export function fromParities(values: Float64Array, signs: Float64Array): void {
  const qubits = signs.length / 2;
  for (let q = 0, stride = values.length / 2; q < qubits; q++, stride /= 2) {
    const [up, down] = [signs[2 * q]!, signs[2 * q + 1]!];
    for (let block = 0; block < values.length; block += 2 * stride)
      for (let i = block; i < block + stride; i++) {
        const [a, b] = [values[i]!, values[i + stride]!];
        values[i] = a + up * b;
        values[i + stride] = a + down * b;
      }
  }
}

/** Of each subset of qubits the place of the Pauli string with the letters (0, 1, 2 for X, Y, Z) there and I elsewhere. */
export function stringsOf(labels: Uint8Array, out: Uint32Array): void {
  const qubits = labels.length;
  out[0] = 0;
  for (let q = qubits - 1, size = 1; q >= 0; q--, size *= 2) {
    const digit = (labels[q]! + 1) * 4 ** (qubits - 1 - q);
    for (let subset = 0; subset < size; subset++) out[size + subset] = out[subset]! + digit;
  }
}
