import {
  add,
  expandDims,
  grad,
  mean,
  mul,
  type SymbolicKey,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  uniform,
} from "../../../tensor/index.ts";

/** Scores of rows, `[batch, ...]` → `[batch]`, each of its own row alone. */
export type Scores = (rows: Tensor) => Tensor;

/** Below this the norm of a gradient is rounded, where a root has no derivative. */
const TINY = 1e-12;

/** |∇ score|² of each row, `[batch]`. */
function squaredSlopes(scores: Scores, rows: Tensor): Tensor {
  const slopes = grad((at: Tensor) => sum(scores(at)))(rows);
  return sum(
    square(slopes),
    rows.shape.slice(1).map((_, axis) => axis + 1),
  );
}

/** R1: the mean of |∇ score|² over rows of data, halved (Mescheder, Geiger & Nowozin, arXiv:1801.04406, equation 9). */
export const r1Penalty = (scores: Scores, real: Tensor): Tensor =>
  mul(mean(squaredSlopes(scores, real)), 0.5);

/**
 * The penalty of WGAN-GP: the mean of (|∇ score| − 1)² over points between a row of data and a generated one, at a fraction of its own
 * for each pair (Gulrajani et al., arXiv:1704.00028, equation 3).
 */
export function gradientPenalty(scores: Scores, real: Tensor, fake: Tensor, key: SymbolicKey): Tensor {
  let t = uniform(key, [real.shape[0] as number], real.dtype as "f32");
  for (let axis = 1; axis < real.shape.length; axis++) t = expandDims(t, -1);
  const between = add(real, mul(t, sub(fake, real)));
  const norms = sqrt(add(squaredSlopes(scores, between), TINY));
  return mean(square(sub(norms, 1)));
}
