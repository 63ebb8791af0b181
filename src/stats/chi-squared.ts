import { inputError } from "../error.ts";
import { upperGamma } from "./gamma.ts";
import { sum, sumOf } from "./sum.ts";

/** The result of a chi-squared test. */
export interface ChiSquared {
  /** Σ (observed − expected)² / expected over the cells. */
  readonly statistic: number;
  /** Degrees of freedom. */
  readonly dof: number;
  /** Probability of a statistic this large or larger if the expectation is right; NaN when dof is 0. */
  readonly pValue: number;
}

/** Options of {@link chiSquaredTest}. */
export interface ChiSquaredOptions {
  /** Cells expected to hold fewer counts than this are merged; 5 unless given. */
  minimumExpected?: number;
  /** Parameters that were fitted to the same counts; 0 unless given. */
  fitted?: number;
}

/** The probability that χ² with `dof` degrees of freedom exceeds `statistic`. */
export function chiSquaredSurvival(statistic: number, dof: number): number {
  return upperGamma(dof / 2, statistic / 2);
}

/**
 * Pearson's test of observed counts against expected counts, Σ(O − E)²/E on cells − 1 − fitted degrees of freedom.
 *
 * Both arrays hold one number a cell and have one sum. Cells of small expectation are merged into one, and into the
 * smallest other cell if the merged one is still small. A count in a cell that is expected to be empty is impossible:
 * statistic ∞, p-value 0. Throws when lengths or sums differ, or when a number is negative or not finite.
 */
export function chiSquaredTest(
  observed: ArrayLike<number>,
  expected: ArrayLike<number>,
  { minimumExpected = 5, fitted = 0 }: ChiSquaredOptions = {},
): ChiSquared {
  checkCells(observed, expected);
  const { cells, impossible } = mergeCells(observed, expected, minimumExpected);
  const dof = Math.max(0, cells.length - 1 - fitted);
  if (impossible) return { statistic: Infinity, dof, pValue: 0 };
  const statistic = sumOf(
    cells.length,
    (i) => (cells[i]!.observed - cells[i]!.expected) ** 2 / cells[i]!.expected,
  );
  return { statistic, dof, pValue: dof === 0 ? Number.NaN : chiSquaredSurvival(statistic, dof) };
}

interface Cell {
  observed: number;
  expected: number;
}

function mergeCells(observed: ArrayLike<number>, expected: ArrayLike<number>, minimum: number) {
  const cells: Cell[] = [];
  const pool: Cell = { observed: 0, expected: 0 };
  let impossible = false;
  for (let i = 0; i < observed.length; i++) {
    const cell = { observed: observed[i]!, expected: expected[i]! };
    if (cell.expected === 0) impossible ||= cell.observed > 0;
    else if (cell.expected >= minimum) cells.push(cell);
    else absorb(pool, cell);
  }
  if (pool.expected > 0) {
    // Chosen by expectation alone: a choice that looked at the counts would spoil the p-value.
    const smallest = cells.reduce<Cell | undefined>(
      (a, b) => (a && a.expected <= b.expected ? a : b),
      undefined,
    );
    if (pool.expected < minimum && smallest) absorb(smallest, pool);
    else cells.push(pool);
  }
  return { cells, impossible };
}

function absorb(into: Cell, cell: Cell): void {
  into.observed += cell.observed;
  into.expected += cell.expected;
}

function checkCells(observed: ArrayLike<number>, expected: ArrayLike<number>): void {
  if (observed.length !== expected.length)
    throw inputError(`${observed.length} observed cells but ${expected.length} expected; make them equal`);
  for (let i = 0; i < observed.length; i++)
    for (const count of [observed[i]!, expected[i]!])
      if (!(count >= 0 && count < Infinity))
        throw inputError(`cell ${i} holds ${count}; a count is finite and not negative`);
  const counts = sum(observed);
  const total = sum(expected);
  if (Math.abs(counts - total) > 1e-6 * total)
    throw inputError(
      `${counts} counts were observed but ${total} expected; multiply the probabilities by the counts`,
    );
}
