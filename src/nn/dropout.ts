import { cast, div, less, mul, type SymbolicKey, type Tensor, uniform } from "../tensor/index.ts";

/**
 * x with each element set to 0 with probability `rate` and the others scaled to keep the mean (Srivastava et al., J. Mach.
 * Learn. Res. 15 (2014) 1929); x itself without a key, as when a model is evaluated, or at rate 0.
 */
export function dropout(x: Tensor, rate: number, key: SymbolicKey | undefined): Tensor {
  if (key === undefined || rate === 0) return x;
  const keep = cast(less(uniform(key, x.shape), 1 - rate), x.dtype);
  return mul(x, div(keep, 1 - rate));
}
