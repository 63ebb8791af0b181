import { requireContrast } from "../data/measurements/confusion.ts";
import { countTable } from "../data/measurements/counts.ts";
import type { Measurements, Setting } from "../data/measurements/measurements.ts";
import { inputError, usageError } from "../error.ts";

/** Counts of every outcome in every setting: all that the likelihood of a state needs to know of {@link Measurements}. */
export interface Tally {
  /** Number of qubits, N. */
  readonly qubits: number;
  /** Settings in a fixed order. */
  readonly settings: readonly Setting[];
  /** `[settings, 2^N]`, row-major: how often each outcome was seen; qubit 0 is the most significant bit. */
  readonly counts: Float64Array;
  /** `[settings]`: shots of each. */
  readonly shotsOf: Float64Array;
  /** Shots of all settings. */
  readonly shots: number;
  /** `[N, 2, 2]`: P(bit read | true bit) as [qubit][read][true], if known. */
  readonly confusion?: Float64Array | undefined;
  /** What to call the data in messages. */
  readonly name: string;
}

/** Most qubits of a density matrix here: 4^8 numbers, and 6^8 outcomes of all Pauli settings. */
export const mostDensityQubits = 8;

/**
 * The counts of measurements. Throws AnsatzError (usage) for more than 8 qubits, (input) without shots and for a readout that
 * reads both bits of a qubit alike.
 */
export function tallyOf(measurements: Measurements): Tally {
  const { qubits, name } = measurements;
  if (qubits > mostDensityQubits)
    throw usageError(
      `${name}: ${qubits} qubits; a density matrix takes up to ${mostDensityQubits}: measure fewer, or fit a network to more`,
    );
  requireContrast(measurements.confusion, name);
  return withCounts(measurements, countTable(measurements));
}

/** The same settings with other counts, `[settings, 2^N]`. Throws AnsatzError (input) where all are zero. */
export function withCounts(
  { qubits, settings, confusion, name }: Pick<Tally, "qubits" | "settings" | "confusion" | "name">,
  counts: Float64Array,
): Tally {
  const outcomes = 2 ** qubits;
  const shotsOf = Float64Array.from(settings, (_, s) => {
    let own = 0;
    for (let a = s * outcomes; a < (s + 1) * outcomes; a++) own += counts[a]!;
    return own;
  });
  const shots = shotsOf.reduce((sum, n) => sum + n, 0);
  if (!(shots > 0)) throw inputError(`${name}: no shots in any setting; a state needs counts`);
  return { qubits, settings, counts, shotsOf, shots, ...(confusion && { confusion }), name };
}
