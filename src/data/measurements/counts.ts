import { inputError } from "../../error.ts";
import type { Measurements } from "./measurements.ts";

/** Distinct outcomes of each setting with their counts, in the order of settings, then of bits. */
export interface OutcomeCounts {
  /** `[outcomes, N]`: the bits of each. */
  readonly bits: Uint8Array;
  /** `[outcomes]`: the setting of each. */
  readonly setting: Uint32Array;
  /** `[outcomes]`: how many shots gave it, 1 or more. */
  readonly count: Float64Array;
}

/** The distinct outcomes that were seen in each setting, with their counts; a fit needs no more of the shots. */
export function outcomeCounts({ qubits, bits, setting }: Measurements): OutcomeCounts {
  const shots = setting.length;
  const order = Uint32Array.from({ length: shots }, (_, i) => i).sort((a, b) => compare(a, b));
  function compare(a: number, b: number): number {
    let difference = setting[a]! - setting[b]!;
    for (let q = 0; difference === 0 && q < qubits; q++)
      difference = bits[a * qubits + q]! - bits[b * qubits + q]!;
    return difference;
  }
  const starts: number[] = [];
  order.forEach((shot, i) => {
    if (i === 0 || compare(order[i - 1]!, shot) !== 0) starts.push(i);
  });
  const out = {
    bits: new Uint8Array(starts.length * qubits),
    setting: new Uint32Array(starts.length),
    count: new Float64Array(starts.length),
  };
  starts.forEach((start, k) => {
    const shot = order[start]!;
    out.bits.set(bits.subarray(shot * qubits, (shot + 1) * qubits), k * qubits);
    out.setting[k] = setting[shot]!;
    out.count[k] = (starts[k + 1] ?? shots) - start;
  });
  return out;
}

/** Maximum number of entries of a {@link countTable}: 1 GiB. */
const mostEntries = 2 ** 27;

/**
 * `[settings, 2^N]`: how many shots of each setting gave each outcome, those that none gave included. Qubit 0 is the most
 * significant digit of an outcome's index.
 *
 * @throws AnsatzError (input) for tables of more than 1 GiB: take {@link outcomeCounts}.
 */
export function countTable({ qubits, bits, setting, settings, name }: Measurements): Float64Array {
  const outcomes = 2 ** qubits;
  if (settings.length * outcomes > mostEntries)
    throw inputError(
      `${name}: ${settings.length} settings of 2^${qubits} outcomes are too many for a table of counts`,
    );
  const table = new Float64Array(settings.length * outcomes);
  for (let shot = 0; shot < setting.length; shot++) {
    let index = 0;
    for (let q = 0; q < qubits; q++) index = 2 * index + bits[shot * qubits + q]!;
    table[setting[shot]! * outcomes + index]!++;
  }
  return table;
}

/** `[settings]`: the number of shots of each setting, 0 included. */
export function shotsOfSettings({ setting, settings }: Measurements): Uint32Array {
  const shots = new Uint32Array(settings.length);
  for (const s of setting) shots[s]!++;
  return shots;
}
