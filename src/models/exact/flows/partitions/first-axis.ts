import { usageError } from "../../../../error.ts";
import { concat, slice, type Tensor } from "../../../../tensor/index.ts";
import type { Partition } from "../partition.ts";

/**
 * Splits variables `[n, ...places]` along the first axis: the first ⌈n/2⌉ (`keep` is `first`) or the last
 * ⌊n/2⌋ are kept. For variables in a row, or the channels of an image. Throws AnsatzError (usage) for less
 * than two.
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

/**
 * Splits variables `[n, ...places]` along the first axis: `start` … `end` − 1 are moved and the others kept.
 */
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
