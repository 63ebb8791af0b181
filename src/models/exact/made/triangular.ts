import type { NDArray } from "../../../array.ts";
import { concat, constant, matmul, mul, pad, slice, type Tensor } from "../../../tensor/index.ts";

/**
 * A stretch of columns of a masked weight, with the leading rows that any of them may be joined to. Where rows and
 * columns are sorted by degree the rows beyond are all masked: leaving them out saves up to half the arithmetic.
 */
export interface Block {
  readonly rows: number;
  readonly columns: number;
  /** `[rows, columns]`, 1 where a connection is allowed. */
  readonly mask: Float32Array;
}

/** Cuts the weight from units of degrees `from` to units of degrees `to` into at most `count` blocks of columns. */
export function cut(
  from: ArrayLike<number>,
  to: ArrayLike<number>,
  connects: (from: number, to: number) => boolean,
  count: number,
): Block[] {
  const blocks: Block[] = [];
  for (let i = 0; i < count; i++) {
    const start = Math.floor((i * to.length) / count);
    const end = Math.floor(((i + 1) * to.length) / count);
    if (end === start) continue;
    const joined = (row: number) => {
      for (let c = start; c < end; c++) if (connects(from[row] as number, to[c] as number)) return true;
      return false;
    };
    let rows = from.length;
    // A single block keeps its full shape; of several, each drops the rows after the last one it needs.
    if (count > 1) while (rows > 1 && !joined(rows - 1)) rows--;
    const columns = end - start;
    const mask = new Float32Array(rows * columns);
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++)
        if (connects(from[r] as number, to[start + c] as number)) mask[r * columns + c] = 1;
    blocks.push({ rows, columns, mask });
  }
  return blocks;
}

/** x W for a weight in blocks: each multiplies the leading columns of `x` that it has rows for. */
export function product(x: Tensor, blocks: readonly Tensor[]): Tensor {
  return concat(
    blocks.map((weight) => matmul(slice(x, 1, 0, weight.shape[0] as number), weight)),
    1,
  );
}

/** The whole weight `[rows, columns]` of its blocks. */
export function dense(blocks: readonly Tensor[], rows: number): Tensor {
  return concat(
    blocks.map((weight) => pad(weight, 0, 0, rows - (weight.shape[0] as number))),
    1,
  );
}

/** Blocks with their masks applied, for weights that several orders share. */
export function masked(weights: readonly Tensor[], blocks: readonly Block[]): Tensor[] {
  return weights.map((weight, i) => {
    const { mask } = blocks[i] as Block;
    const data = weight.dtype === "f64" ? Float64Array.from(mask) : mask;
    return mul(weight, constant({ dtype: weight.dtype, shape: weight.shape, data } as NDArray<"f32">));
  });
}
