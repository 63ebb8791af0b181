import type { Estimate } from "../../stats/index.ts";
import type { Duplicates } from "./duplicates.ts";
import type { NearestNeighbours } from "./nearest.ts";

/** One test of candidates against real rows. */
export interface TestResult {
  /** Name of the test: `Hotelling T²`, `energy distance`, `Fréchet distance`. */
  readonly test: string;
  /** The tested quantity: a group of features, an observable, `features` for all of them, or `values`. */
  readonly on: string;
  /** The statistic with its standard error; NaN for statistics that only their p-value makes sense of (T², Kolmogorov–Smirnov). */
  readonly value: Estimate;
  /** The statistic of real rows against real rows, and its spread; absent for a test with a p-value. */
  readonly real?: Estimate;
  /** log₁₀ of the p-value, not corrected for the number of tests; absent for distances without one. */
  readonly log10P?: number;
  /**
   * Distance from real rows in units of the spread of real rows: the normal deviate of the p-value, or the
   * difference between the statistic and its value for real rows, divided by its error.
   */
  readonly sigmas: number;
}

/** Test results of one set of candidates. */
export interface CandidateJudgement {
  /** The file, run or baseline; `real` for real rows against real rows. */
  readonly name: string;
  /** Number of rows that were tested. */
  readonly rows: number;
  /** Every test that applies to the space, in a fixed order. */
  readonly tests: readonly TestResult[];
  /** Result for nearest neighbours among real rows; absent if there are too few real rows. */
  readonly nearest?: NearestNeighbours;
  /** Shares of exact copies: within the candidates, and of real rows. */
  readonly duplicates: Duplicates;
  /** log₁₀ of the smallest p-value times the number of p-values (Bonferroni), at most 0. */
  readonly log10P: number;
}

/** Tests of several sets of candidates against one set of real rows; see `judge`. */
export interface Judgement {
  /** Name of the real rows. */
  readonly reference: string;
  /** Number of real rows that tests with a p-value use. */
  readonly rows: number;
  /** Number of rows in each set that distances compare. */
  readonly distanceRows: number;
  /** Real rows against real rows first, then each set of candidates. */
  readonly candidates: readonly CandidateJudgement[];
  /** Notes on the tests for the reader, one line each. */
  readonly notes: readonly string[];
}
