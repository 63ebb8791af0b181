import type { ChainSpacing } from "../data/splits.ts";
import { rowMean } from "../evaluate/rows.ts";
import { Cholesky } from "./cholesky.ts";
import type { Design } from "./design.ts";
import type { Objective } from "./objective.ts";
import { type Range, rowsIn } from "./spins.ts";

/** Where rows come from, as far as it is known: what their errors must allow for. */
export interface RowOrigin {
  /** The row that lies at each place of the objective's; as they lie where left out. */
  readonly order?: Uint32Array | undefined;
  /** By row: the Markov chain it belongs to. */
  readonly chain?: Int32Array | undefined;
  readonly spacing?: ChainSpacing | undefined;
}

/**
 * Standard errors of the minimum of a mean loss, one a coefficient: that of the mean over rows of the influence
 * H⁻¹ g(row), g being the score of one row and H the second derivatives of the mean. For independent rows it is the
 * sandwich (Godambe) error √(H⁻¹ J H⁻¹)/√n with J = ⟨g gᵀ⟩, right though a pseudo-likelihood is no likelihood and
 * squares have unequal variances; for rows of chains `rowMean` allows for their autocorrelation, and says NaN where it is not
 * known.
 *
 * Sources: Godambe, Ann. Math. Stat. 31 (1960) 1208; White, Econometrica 48 (1980) 817.
 */
export function sandwichErrors(
  objective: Objective,
  design: Design,
  theta: Float64Array,
  ranges: readonly Range[],
  { order, chain, spacing }: RowOrigin = {},
): Float64Array {
  const n = theta.length;
  const inverse = new Cholesky(objective.hessian(design, theta, ranges), n).inverse();
  const scores = objective.rowScores(design, theta, ranges);
  const rows = rowsIn(ranges);
  const errors = new Float64Array(n);
  const influence = new Float64Array(rows);
  const inOrder = new Float64Array(rows);
  for (let t = 0; t < n; t++) {
    influence.fill(0);
    for (let u = 0; u < n; u++) addMultiple(influence, inverse[t * n + u]!, scores[u]!);
    order?.forEach((row, place) => {
      inOrder[row] = influence[place]!;
    });
    errors[t] = rowMean(order ? inOrder : influence, chain, spacing).error;
  }
  return errors;
}

function addMultiple(sum: Float64Array, factor: number, values: Float32Array): void {
  for (let r = 0; r < sum.length; r++) sum[r]! += factor * values[r]!;
}
