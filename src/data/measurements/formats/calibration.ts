import { inputError } from "../../../error.ts";
import { mirrorRows, type QubitOrder } from "../reorder.ts";
import { bitsOf, countsIn, parseCounts } from "./count-json.ts";
import type { NamedBytes } from "./raw.ts";

/** Counts of basis states read for each prepared basis state, with qubit 0 first. */
export interface CalibrationCounts {
  /** `[circuits, N]`: the bit that each qubit was prepared in. */
  readonly prepared: Uint8Array;
  /** `[circuits, 2^N]`: how often each outcome was read; qubit 0 is the most significant bit. */
  readonly counts: Float64Array;
}

/**
 * Reads counts of calibration circuits in JSON: `{"01": {"01": 970, "11": 30}, ...}`, prepared bits → {bits
 * or hexadecimal number read: count}. `order` gives the position of qubit 0 in both.
 *
 * @throws AnsatzError (input) for damaged files and for bits of another number of qubits, by circuit and
 * outcome.
 */
export function readCalibration(file: NamedBytes, qubits: number, order: QubitOrder): CalibrationCounts {
  const { name } = file;
  const circuits = Object.entries(parseCounts(file));
  const inOrder = (word: string) => {
    const bits = Uint8Array.from(word, Number);
    return order === "last" ? mirrorRows(bits, qubits, 1) : bits;
  };
  const prepared = new Uint8Array(circuits.length * qubits);
  const counts = new Float64Array(circuits.length * 2 ** qubits);
  circuits.forEach(([key, read], circuit) => {
    const where = `${name}: circuit ${JSON.stringify(key)}`;
    const bits = key.replace(/\s/g, "");
    if (!/^[01]+$/.test(bits) || bits.length !== qubits)
      throw inputError(`${where} must name the bit in which each of the ${qubits} qubits was prepared`);
    prepared.set(inOrder(bits), circuit * qubits);
    for (const { outcome, count, at } of countsIn(read, where)) {
      const index = inOrder(bitsOf(outcome, qubits, at)).reduce((sum, bit) => 2 * sum + bit, 0);
      counts[circuit * 2 ** qubits + index]! += count;
    }
  });
  return { prepared, counts };
}
