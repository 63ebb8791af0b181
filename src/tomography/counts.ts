import type { Measurements, Setting } from "../data/measurements/measurements.ts";
import { inputError, usageError } from "../error.ts";

/** Shots of each setting by outcome: all that the likelihood of a state needs to know of {@link Measurements}. */
export interface OutcomeCounts {
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
  /** `[N, 2, 2]`: P(bit read | true bit) as [qubit][read][true], where it is known. */
  readonly confusion?: Float64Array | undefined;
  /** What to call the data in messages. */
  readonly name: string;
}

/** Most qubits of a density matrix here: 4^8 numbers, and 6^8 outcomes of all Pauli settings. */
export const mostQubits = 8;

/** Counts by setting and outcome. Throws AnsatzError (usage) for more than {@link mostQubits} qubits, (input) without shots. */
export function countOutcomes(measurements: Measurements): OutcomeCounts {
  const { qubits, bits, setting, settings, confusion, name } = measurements;
  if (qubits > mostQubits)
    throw usageError(
      `${name}: ${qubits} qubits; a density matrix takes up to ${mostQubits}: measure fewer, or fit a network to more`,
    );
  const outcomes = 2 ** qubits;
  const counts = new Float64Array(settings.length * outcomes);
  for (let shot = 0; shot < setting.length; shot++) {
    let outcome = 0;
    for (let q = 0; q < qubits; q++) outcome = 2 * outcome + bits[shot * qubits + q]!;
    counts[setting[shot]! * outcomes + outcome]!++;
  }
  return withCounts({ qubits, settings, confusion, name }, counts);
}

/** The same settings with other counts, `[settings, 2^N]`. Throws AnsatzError (input) where all are zero. */
export function withCounts(
  { qubits, settings, confusion, name }: Pick<OutcomeCounts, "qubits" | "settings" | "confusion" | "name">,
  counts: Float64Array,
): OutcomeCounts {
  const outcomes = 2 ** qubits;
  const shotsOf = Float64Array.from(settings, (_, s) =>
    counts.subarray(s * outcomes, (s + 1) * outcomes).reduce((sum, n) => sum + n, 0),
  );
  const shots = shotsOf.reduce((sum, n) => sum + n, 0);
  if (!(shots > 0)) throw inputError(`${name}: no shots in any setting; a state needs counts`);
  return { qubits, settings, counts, shotsOf, shots, ...(confusion && { confusion }), name };
}
