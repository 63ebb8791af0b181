import { measuredOperators } from "../../data/measurements/complete.ts";
import type { Tally } from "../../tomography/counts.ts";
import type { TurnTest } from "./turn.ts";

/**
 * Returns `[settings]`: 2 Σ_a n_a ln(n_a / (n p_a)) of each setting under `probabilities`, `[settings, 2^N]`:
 * twice the nats by which the observed frequencies are likelier than the state. Infinite if an outcome was
 * seen that the state excludes.
 */
export function devianceBySetting(
  { qubits, counts, shotsOf }: Tally,
  probabilities: Float64Array,
): Float64Array {
  const outcomes = 2 ** qubits;
  return shotsOf.map((shots, s) => {
    let sum = 0;
    for (let a = s * outcomes; a < (s + 1) * outcomes; a++) {
      const n = counts[a]!;
      if (n > 0) sum += 2 * n * Math.log(n / (shots * Math.max(probabilities[a]!, 0)));
    }
    return sum;
  });
}

/** Comparison of the deviance of data with the deviance of data drawn from a single state. */
export interface GoodnessOfFit {
  /** The deviance of all settings against the state of greatest likelihood. */
  readonly deviance: number;
  /** Outcomes beyond one in each setting with shots, less the parameters that the settings measure, 4^N − 1 if
   * they are informationally complete: the mean deviance, if positivity removed none of them. */
  readonly degrees: number;
  /** The mean deviance of the bootstrap's replicas. */
  readonly expected: number;
  /** Their standard deviation. */
  readonly spread: number;
  /** (deviance − expected)/spread. */
  readonly sigmas: number;
  /** Share of replicas with a deviance as large, the data counted as one of them: (1 + k)/(1 + replicas). */
  readonly pValue: number;
  /** `[settings]` by themselves: the deviance, its mean and standard deviation over the replicas, and its p-value in the same way. */
  readonly settings: readonly {
    readonly name: string;
    readonly shots: number;
    readonly deviance: number;
    readonly expected: number;
    readonly spread: number;
    readonly pValue: number;
  }[];
  /** Test whether qubits turned after half of the settings; undefined if there are too few replicas. */
  readonly turn?: TurnTest | undefined;
  /** Whether a single state explains the shots: p above 0.01, and less than 4 standard deviations of deviance and turns. */
  readonly explained: boolean;
  /** The same in words. */
  readonly sentence: string;
}

/** Compares deviances by setting with the deviances of refitted replicas. */
export function goodnessOfFit(
  tally: Tally,
  bySetting: Float64Array,
  replicas: readonly Float64Array[],
  turn?: TurnTest,
): GoodnessOfFit {
  const total = (list: Float64Array) => list.reduce((sum, v) => sum + v, 0);
  const deviance = total(bySetting);
  const totals = replicas.map(total);
  const { expected, spread } = meanAndSpread(totals);
  const share = (own: number, others: readonly number[]) =>
    (1 + others.filter((other) => other >= own * (1 - 1e-12)).length) / (1 + others.length);
  const pValue = share(deviance, totals);
  const sigmas = (deviance - expected) / spread;
  // A p-value cannot be smaller than one in as many replicas as there are: with few of them, distance decides.
  const isTurned = turn !== undefined && turn.sigmas >= 4;
  const explained = !isTurned && sigmas < 4 && (pValue > 0.01 || sigmas < 2.33);
  const used = tally.settings.filter((_, s) => tally.shotsOf[s]! > 0);
  const parameters = (measuredOperators(used, tally.qubits) ?? 4 ** tally.qubits) - 1;
  return {
    deviance,
    degrees: Math.max(0, used.length * (2 ** tally.qubits - 1) - parameters),
    ...{ expected, spread, sigmas, pValue, turn, explained },
    settings: tally.settings.map(({ name }, s) => {
      const own = replicas.map((list) => list[s]!);
      const pValue = share(bySetting[s]!, own);
      return { name, shots: tally.shotsOf[s]!, deviance: bySetting[s]!, ...meanAndSpread(own), pValue };
    }),
    sentence: explained
      ? `A single state explains the shots: deviance ${deviance.toFixed(0)}, expected ${expected.toFixed(0)} ± ${spread.toFixed(0)}.`
      : `No single state explains the shots: deviance ${deviance.toFixed(0)}, expected ${expected.toFixed(0)} ± ${spread.toFixed(0)} ` +
        `(${sigmas.toFixed(1)}σ)${isTurned ? `, qubits turned between the halves of the settings (${turn.sigmas.toFixed(1)}σ)` : ""}. The state or the settings drifted, or the readout is not as assumed; no error bar here holds.`,
  };
}

function meanAndSpread(list: readonly number[]): { readonly expected: number; readonly spread: number } {
  const expected = list.reduce((sum, v) => sum + v, 0) / list.length;
  const square = list.reduce((sum, v) => sum + (v - expected) ** 2, 0);
  return { expected, spread: Math.sqrt(square / (list.length - 1)) };
}
