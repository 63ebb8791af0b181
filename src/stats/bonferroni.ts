import { chiSquaredSurvival } from "./chi-squared.ts";
import { normalSurvival } from "./normal.ts";
import { sumOf } from "./sum.ts";

/** The p-value of the smallest of n p-values, independent or not: min(1, n p); 1 of none. */
export function bonferroni(pValues: ArrayLike<number>): number {
  let smallest = 1;
  for (let i = 0; i < pValues.length; i++) smallest = Math.min(smallest, pValues[i]!);
  return Math.min(1, pValues.length === 0 ? 1 : pValues.length * smallest);
}

/** Many deviations tested at once; see {@link jointTest}. */
export interface JointTest {
  /** Σ sigmas², valid for independent estimates. */
  readonly chiSquared: number;
  /** Degrees of freedom of χ²: the number of deviations. */
  readonly dof: number;
  /** Probability of a χ² this large or larger if all deviations are chance. */
  readonly pValue: number;
  /** The largest |sigmas|, valid for any estimates. */
  readonly largest: number;
  /** The index of the largest deviation. */
  readonly largestAt: number;
  /** Its two-sided p-value after Bonferroni: times the number of deviations, 1 at most. */
  readonly largestPValue: number;
}

/**
 * Tests many estimates against their exact values at once, from their deviations in units of the errors (`difference`).
 *
 * "Each within 3σ" is no test of many: 128 honest estimates fail it 29 % of the time. NaN deviations give NaN p-values.
 */
export function jointTest(sigmas: ArrayLike<number>): JointTest {
  const dof = sigmas.length;
  let largestAt = 0;
  for (let i = 1; i < dof; i++) if (Math.abs(sigmas[i]!) > Math.abs(sigmas[largestAt]!)) largestAt = i;
  const chiSquared = sumOf(dof, (i) => sigmas[i]! ** 2);
  const largest = Number.isNaN(chiSquared) ? Number.NaN : Math.abs(sigmas[largestAt] ?? 0);
  return {
    chiSquared,
    dof,
    pValue: dof === 0 ? 1 : chiSquaredSurvival(chiSquared, dof),
    largest,
    largestAt,
    largestPValue: Math.min(1, dof === 0 ? 1 : 2 * dof * normalSurvival(largest)),
  };
}
