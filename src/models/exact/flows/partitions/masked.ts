import { arrayFrom, type NDArray } from "../../../../array.ts";
import { add, cast, constant, mul, type Tensor } from "../../../../tensor/index.ts";
import type { Partition } from "../partition.ts";

/**
 * Variables on a lattice, kept where `mask` is 1 and moved where it is 0. The network reads the whole lattice
 * with zeros for the moved variables, so that a convolution sees its neighbourhood.
 */
export function masked(shape: readonly number[], mask: ArrayLike<number>): Partition {
  const stays: NDArray<"f32"> = arrayFrom("f32", shape, mask);
  const moves = arrayFrom(
    "f32",
    shape,
    Array.from(mask, (m) => 1 - m),
  );
  const by = (array: NDArray<"f32">, v: Tensor) => mul(v, cast(constant(array), v.dtype));
  return {
    shape,
    kept: shape,
    moved: shape,
    split: (v) => ({ kept: by(stays, v), moved: v }),
    join: (kept, moved) => add(kept, by(moves, moved)),
    count: (logDet) => by(moves, logDet),
  };
}
