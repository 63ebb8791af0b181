import { arrayFrom, type NDArray } from "../../../array.ts";
import { usageError } from "../../../error.ts";
import { add, cast, concat, constant, mul, slice, type Tensor } from "../../../tensor/index.ts";

/** How a coupling divides the variables into those it keeps, which its network reads, and those it moves. */
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

/**
 * Variables `[n, ...places]`, of which along the first axis the first ⌈n/2⌉ (`keep` is `first`) or the last ⌊n/2⌋ are kept:
 * variables in a row, or the channels of an image. Throws AnsatzError (usage) for less than two.
 */
export function halves(shape: readonly number[], keep: "first" | "last"): Partition {
  const n = shape[0] as number;
  if (n < 2)
    throw usageError(
      `a coupling moves some variables by others: it needs two or more, not ${n} (maf models one)`,
    );
  const cut = Math.ceil(n / 2);
  return keep === "first" ? moving(shape, cut, n) : moving(shape, 0, cut);
}

/** Variables `[n, ...places]`, of which along the first axis `start` … `end` − 1 are moved and the others kept. */
export function moving(shape: readonly number[], start: number, end: number): Partition {
  const [n, ...places] = shape as [number, ...number[]];
  const parts = (v: Tensor, ...ranges: (readonly [number, number])[]) =>
    concat(
      ranges.filter(([from, to]) => from < to).map(([from, to]) => slice(v, 1, from, to)),
      1,
    );
  return {
    shape,
    kept: [n - (end - start), ...places],
    moved: [end - start, ...places],
    split: (v) => ({ kept: parts(v, [0, start], [end, n]), moved: slice(v, 1, start, end) }),
    join(kept, moved) {
      const before = start === 0 ? [] : [slice(kept, 1, 0, start)];
      const after = end === n ? [] : [slice(kept, 1, start)];
      return concat([...before, moved, ...after], 1);
    },
    count: (logDet) => logDet,
  };
}

/**
 * Variables on a lattice, kept where `mask` is 1 and moved where it is 0. The network reads the whole lattice with zeros in
 * place of what is moved, so that a convolution sees its neighbourhood.
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
