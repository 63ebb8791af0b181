import type { ConvolutionAttributes } from "../../tensor/ops/convolution.ts";
import { elements } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Application } from "./rule.ts";

/**
 * A convolution as a product: for every place of the result, the pixels that its taps read are gathered into a row,
 * with a zero appended to the image for what lies outside it. The engine has no double-precision convolution.
 */
export function lowerPatches(
  { graph, names, inputs, outputs, attributes }: Application<ConvolutionAttributes>,
  direction: "conv2d" | "convTranspose2d",
): string {
  const [x, w] = inputs as [Tensor, Tensor];
  const { shape } = outputs[0] as Tensor;
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  const [results, rows, columns] = shape.slice(1) as [number, number, number];
  const pixels = height * width;
  const places = rows * columns;

  const vertical = reads(x, w, attributes, 0, direction);
  const horizontal = reads(x, w, attributes, 1, direction);
  const index = vertical.flatMap((down) =>
    horizontal.flatMap((across) =>
      down.flatMap((h) => across.map((v) => (h < 0 || v < 0 ? pixels : h * width + v))),
    ),
  );
  const taps = index.length / places;
  const last = { shape: [batch, pixels, channels], dtype: x.dtype };
  const flat = graph.reshape(graph.transpose(names[0] as string, [0, 2, 3, 1]), last.shape);
  const padded = graph.pad(flat, last, [{ axis: 1, before: 0, after: 1 }]);
  const gathered = graph.emit("Gather", [padded, graph.integers(index)], { axis: 1 });
  const reach = elements([taps, channels]);
  const order = direction === "conv2d" ? [2, 3, 1, 0] : [2, 3, 0, 1];
  const kernels = graph.reshape(graph.transpose(names[1] as string, order), [reach, results]);
  const product = graph.emit("MatMul", [graph.reshape(gathered, [batch, places, reach]), kernels]);
  return graph.reshape(graph.transpose(product, [0, 2, 1]), shape);
}

/** For every place and every tap along one axis, the input position that is read; −1 if there is none. */
function reads(
  x: Tensor,
  w: Tensor,
  { stride, dilation, offset, size }: ConvolutionAttributes,
  axis: 0 | 1,
  direction: "conv2d" | "convTranspose2d",
): number[][] {
  const length = x.shape[2 + axis] as number;
  const [s, d, o] = [stride[axis], dilation[axis], offset[axis]];
  return Array.from({ length: size[axis] }, (_, place) =>
    Array.from({ length: w.shape[2 + axis] as number }, (_, tap) => {
      const at = direction === "conv2d" ? place * s + tap * d - o : (place + o - tap * d) / s;
      return Number.isInteger(at) && at >= 0 && at < length ? at : -1;
    }),
  );
}
