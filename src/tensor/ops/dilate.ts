import type { Tensor } from "../tensor.ts";
import { zeros } from "./fill.ts";
import { concat, expandDims, reshape, slice } from "./layout.ts";

/** Zeros put between neighbours along `axis`: the adjoint of taking every `stride`-th element. */
export function dilate(x: Tensor, axis: number, stride: number): Tensor {
  const size = x.shape[axis] as number;
  if (stride === 1 || size === 0) return x;
  const column = expandDims(x, axis + 1);
  const gap = zeros(
    column.shape.map((n, i) => (i === axis + 1 ? stride - 1 : n)),
    x.dtype,
  );
  const spread = reshape(
    concat([column, gap], axis + 1),
    x.shape.map((n, i) => (i === axis ? n * stride : n)),
  );
  return slice(spread, axis, 0, (size - 1) * stride + 1);
}
