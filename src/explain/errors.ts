import { Cholesky } from "../stats/cholesky.ts";
import type { Spacing } from "../stats/index.ts";
import { rowMean } from "../stats/row-mean.ts";
import type { Design } from "./design.ts";
import type { Objective } from "./objective.ts";
import { type RowRange, rowsIn } from "./spins.ts";

/** The origin of rows, as far as known, which their errors must account for. */
export interface RowOrigin {
  /** The row at each place of the objective's order (default: the stored order). */
  readonly order?: Uint32Array | undefined;
  /** By row: the Markov chain it belongs to. */
  readonly chain?: Int32Array | undefined;
  readonly spacing?: Spacing | undefined;
}

/** Certainty of the coefficients of a minimum, one number per coefficient; NaN if unknown. */
export interface Certainty {
  readonly error: Float64Array;
  /**
   * Number of rows that the error rests on, (Σ q²)²/Σ q⁴ of influences q: small if a few rows hold all the
   * information.
   */
  readonly effective: Float64Array;
  /** error² in units of (H⁻¹)_tt/n, by which differences of the total loss are to be divided before χ² is asked about them. */
  readonly inflation: Float64Array;
}

/**
 * Returns standard errors of the minimum of a mean loss, one per coefficient: the error of the mean over rows
 * of the influence H⁻¹ g(row), where g is the score of one row and H the second derivatives of the mean. For
 * independent rows it is the sandwich (Godambe) error √(H⁻¹ J H⁻¹)/√n with J = ⟨g gᵀ⟩, which holds although a
 * pseudo-likelihood is no likelihood and squares have unequal variances; for rows of chains `rowMean` allows
 * for their autocorrelation, and returns NaN if it is unknown. For losses −log P, no error is smaller than
 * √(H⁻¹/n): in directions that the rows hardly bound, scores no longer vary, and the sandwich alone would
 * give far too small an error.
 *
 * Sources: Godambe, Ann. Math. Stat. 31 (1960) 1208; White, Econometrica 48 (1980) 817.
 */
export function sandwichErrors(
  objective: Objective,
  design: Design,
  theta: Float64Array,
  ranges: readonly RowRange[],
  { order, chain, spacing }: RowOrigin = {},
): Certainty {
  const n = theta.length;
  const inverse = new Cholesky(objective.hessian(design, theta, ranges), n).inverse();
  const scores = objective.rowScores(design, theta, ranges);
  const rows = rowsIn(ranges);
  const error = new Float64Array(n);
  const effective = new Float64Array(n);
  const inflation = new Float64Array(n);
  const influence = new Float64Array(rows);
  const inOrder = new Float64Array(rows);
  for (let t = 0; t < n; t++) {
    influence.fill(0);
    for (let u = 0; u < n; u++) addMultiple(influence, inverse[t * n + u]!, scores[u]!);
    order?.forEach((row, place) => {
      inOrder[row] = influence[place]!;
    });
    const least = inverse[t * n + t]! / rows;
    const sandwich = rowMean(order ? inOrder : influence, chain, spacing).error;
    error[t] = objective.likelihood ? Math.max(sandwich, Math.sqrt(least)) : sandwich;
    effective[t] = effectiveRows(influence);
    inflation[t] = error[t]! ** 2 / least;
  }
  return { error, effective, inflation };
}

function effectiveRows(influence: Float64Array): number {
  let [squares, fourths] = [0, 0];
  for (const q of influence) {
    squares += q * q;
    fourths += q ** 4;
  }
  // Influences may be so small that their fourth powers are 0 in double precision.
  return fourths > 0 ? squares ** 2 / fourths : influence.length;
}

function addMultiple(sum: Float64Array, factor: number, values: Float32Array): void {
  for (let r = 0; r < sum.length; r++) sum[r]! += factor * values[r]!;
}
