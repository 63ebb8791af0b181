import type { ConvolutionAttributes } from "../../tensor/ops/convolution.ts";
import { elements } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Application } from "./rule.ts";

/**
 * A convolution as a product: every output's neighbourhood is gathered into a column, with a zero appended to the
 * image for what lies outside it. The engine has no double-precision convolution of its own.
 */
export function lowerPatches(
  { graph, names, inputs, outputs, attributes }: Application<ConvolutionAttributes>,
  direction: "conv2d" | "convTranspose2d",
): string {
  const [x, w] = inputs as [Tensor, Tensor];
  const out = outputs[0] as Tensor;
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  const [kh, kw] = w.shape.slice(2) as [number, number];
  const results = out.shape[1] as number;
  const pixels = height * width;

  const flat = graph.reshape(names[0] as string, [batch, channels, pixels]);
  const type = { shape: [batch, channels, pixels], dtype: x.dtype };
  const padded = graph.pad(flat, type, [{ axis: 2, before: 0, after: 1 }]);
  const [rows, columns] = ([0, 1] as const).map((axis) => reads(x, w, attributes, axis, direction)) as [
    number[][],
    number[][],
  ];
  const index = rows.flatMap((overRows) =>
    columns.flatMap((overColumns) =>
      overRows.flatMap((h) => overColumns.map((v) => (h < 0 || v < 0 ? pixels : h * width + v))),
    ),
  );
  const taps = kh * kw;
  const places = attributes.size[0] * attributes.size[1];
  // [batch, channels, taps · places], then a column for every place.
  const gathered = graph.emit("Gather", [padded, graph.integers(index)], { axis: 2 });
  const patches = graph.reshape(gathered, [batch, elements([channels, taps]), places]);
  const kernels =
    direction === "conv2d"
      ? (names[1] as string)
      : graph.emit("Transpose", [names[1] as string], { perm: [1, 0, 2, 3] });
  const matrix = graph.reshape(kernels, [results, elements([channels, taps])]);
  return graph.reshape(graph.emit("MatMul", [matrix, patches]), out.shape);
}

/** For every tap and every place along one axis, the input position that is read; −1 where there is none. */
function reads(
  x: Tensor,
  w: Tensor,
  { stride, dilation, offset, size }: ConvolutionAttributes,
  axis: 0 | 1,
  direction: "conv2d" | "convTranspose2d",
): number[][] {
  const length = x.shape[2 + axis] as number;
  const [s, d, o] = [stride[axis], dilation[axis], offset[axis]];
  return Array.from({ length: w.shape[2 + axis] as number }, (_, tap) =>
    Array.from({ length: size[axis] }, (_, place) => {
      const at = direction === "conv2d" ? place * s + tap * d - o : (place + o - tap * d) / s;
      return Number.isInteger(at) && at >= 0 && at < length ? at : -1;
    }),
  );
}
