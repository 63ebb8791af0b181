import type { Estimate } from "ansatz";
import { jointTest } from "ansatz/stats";

/** Estimates of one repetition by name, each with the exact value that its error should cover. */
export type Found = Readonly<Record<string, { readonly estimate: Estimate; readonly exact: number }>>;

/** How the errors of one estimate cover its exact value, over many repetitions. */
export interface CoverageRow {
  readonly name: string;
  /** Repetitions whose error is known, and the fraction of all whose error is not. */
  readonly known: number;
  readonly unknown: number;
  /** Fractions of the known ones within one error and within two. */
  readonly within: readonly [one: number, two: number];
  /** Root mean square of the deviations in units of their errors. */
  readonly rms: number;
  /** The mean error over the root mean square deviation. */
  readonly ratio: number;
}

/** The share of a normal distribution within one and within two standard errors. */
const nominal = [0.6827, 0.9545] as const;

/** One row for each estimate. */
export function coverageRows(repetitions: readonly Found[]): CoverageRow[] {
  const names = new Set(repetitions.flatMap((found) => Object.keys(found)));
  return [...names].map((name) => {
    const all = repetitions.flatMap((found) => found[name] ?? []);
    const known = all.filter(({ estimate }) => !Number.isNaN(estimate.error));
    const deviations = known.map(({ estimate, exact }) => Math.abs(estimate.value - exact));
    const errors = known.map(({ estimate }) => estimate.error);
    const share = (k: number) => deviations.filter((d, i) => d < k * errors[i]!).length / known.length;
    return {
      name,
      known: known.length,
      unknown: 1 - known.length / all.length,
      within: [share(1), share(2)],
      rms: rootMeanSquare(deviations.map((d, i) => d / errors[i]!)),
      ratio: errors.reduce((sum, e) => sum + e, 0) / known.length / rootMeanSquare(deviations),
    };
  });
}

/**
 * The p-value of the fraction that is furthest from a normal distribution's, after Bonferroni over all fractions of all rows:
 * fractions of the same repetitions are correlated, which Bonferroni's bound allows.
 */
export function jointPValue(rows: readonly CoverageRow[]): number {
  const sigmas = rows.flatMap(({ within, known }) =>
    nominal.map((p, i) => (within[i]! - p) / Math.sqrt((p * (1 - p)) / known)),
  );
  return jointTest(sigmas).largestPValue;
}

/** A row in words: `energy 0.683 and 0.954, rms 1.00, error/spread 1.00, unknown 0`. */
export function rowText({ name, within, rms, ratio, unknown }: CoverageRow): string {
  const [one, two] = within;
  return (
    `${name} ${one.toFixed(3)} and ${two.toFixed(3)}, rms ${rms.toFixed(2)}, ` +
    `error/spread ${ratio.toFixed(2)}, unknown ${Number(unknown.toFixed(3))}`
  );
}

function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
}
