import { arrayFrom } from "../../../../array.ts";
import { usageError } from "../../../../error.ts";
import { inversePermutation } from "../../../../random/permutation.ts";
import { constant, customGradient, gather, type Tensor, zeros } from "../../../../tensor/index.ts";
import type { Bijection } from "../bijection.ts";

/** No parameters. */
export type NoParameters = Record<never, never>;

/**
 * x_i = z_{order[i]}, over rows `[batch, order.length]`; its log-determinant is 0. Throws AnsatzError (usage) for what is no
 * permutation.
 */
export function permute(order: Uint32Array): Bijection<NoParameters> {
  const shape = [order.length];
  if (new Set(order).size !== order.length || order.some((i) => i >= order.length))
    throw usageError(`not a permutation of 0 to ${order.length - 1}: ${order.join(", ")}`);
  const there = move(order, inversePermutation(order));
  const back = move(inversePermutation(order), order);
  const still = (v: Tensor) => zeros([v.shape[0] as number], v.dtype);
  return {
    latentShape: shape,
    dataShape: shape,
    init: () => ({}),
    forward: (_, z) => ({ value: there(z), logDet: still(z) }),
    inverse: (_, x) => ({ value: back(x), logDet: still(x) }),
  };
}

/** Picks columns; the derivative picks them back, whereas that of a gather would add up rows at indices. */
function move(order: Uint32Array, inverse: Uint32Array): (v: Tensor) => Tensor {
  const columns = (list: Uint32Array) => constant(arrayFrom("i32", [list.length], list));
  return (v) => {
    const [out] = customGradient(
      (t) => [gather(t as Tensor, columns(order), 1)],
      ([g]) => [g && move(inverse, order)(g)],
    )(v);
    return out as Tensor;
  };
}
