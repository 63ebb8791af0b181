import type { Tensor } from "../../../tensor/index.ts";

/**
 * The division of variables by a coupling into those it keeps, which its network reads, and those it moves.
 */
export interface Partition {
  /** Shape of all variables. */
  readonly shape: readonly number[];
  /** Shape of what the network reads. */
  readonly kept: readonly number[];
  /** Shape of what is moved. */
  readonly moved: readonly number[];
  split(v: Tensor): { readonly kept: Tensor; readonly moved: Tensor };
  join(kept: Tensor, moved: Tensor): Tensor;
  /** Log-determinants `[batch, ...moved]` of what is moved, 0 where nothing is. */
  count(logDet: Tensor): Tensor;
}
