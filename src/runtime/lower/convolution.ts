import {
  type ConvolutionAttributes,
  conv2dOperation,
  convTranspose2dOperation,
} from "../../tensor/ops/convolution.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { GraphBuilder } from "../onnx.ts";
import { lowerPatches } from "./patches.ts";
import { type Application, rule, type Table } from "./rule.ts";

type Pair = readonly [number, number];

/** Convolutions: the engine's own in single precision, patches and a product in double. */
export const convolutionRules: Table = new Map([
  rule(conv2dOperation, (application) => {
    const { graph, names, inputs, attributes } = application;
    const [x, w] = inputs as [Tensor, Tensor];
    if (x.dtype === "f64") return lowerPatches(application, "conv2d");
    return convolve(graph, names[0] as string, names[1] as string, extent(x), extent(w), attributes);
  }),
  rule(convTranspose2dOperation, (application) => {
    if ((application.inputs[0] as Tensor).dtype === "f64")
      return lowerPatches(application, "convTranspose2d");
    const { stride } = application.attributes;
    return stride[0] === 1 && stride[1] === 1 ? lowerDense(application) : lowerStrided(application);
  }),
]);

const extent = (t: Tensor): Pair => [t.shape[2] as number, t.shape[3] as number];
const map = (f: (axis: 0 | 1) => number): [number, number] => [f(0), f(1)];

/** Conv whose padding is chosen so that the result has the size asked for; what juts out is cut off first. */
function convolve(
  graph: GraphBuilder,
  x: string,
  w: string,
  image: Pair,
  kernel: Pair,
  { stride, dilation, offset, size }: ConvolutionAttributes,
): string {
  const end = map(
    (a) => (size[a] - 1) * stride[a] + (kernel[a] - 1) * dilation[a] + 1 - image[a] - offset[a],
  );
  const cut = pads(
    graph,
    x,
    map((a) => Math.min(offset[a], 0)),
    map((a) => Math.min(end[a], 0)),
  );
  return graph.emit("Conv", [cut, w], {
    strides: stride,
    dilations: dilation,
    pads: [...offset, ...end].map((n) => Math.max(n, 0)),
  });
}

/** Zeros before and after the last two axes; a negative number cuts. */
function pads(graph: GraphBuilder, x: string, before: Pair, after: Pair): string {
  if ([...before, ...after].every((n) => n === 0)) return x;
  const amounts = graph.integers([...before, ...after]);
  return graph.emit("Pad", [x, amounts, graph.number(0, "f32"), graph.integers([2, 3])]);
}

/** With stride 1 a transposed convolution is a convolution with the kernel turned around, which runs faster. */
function lowerDense({ graph, names, inputs, attributes }: Application<ConvolutionAttributes>): string {
  const [x, w] = inputs as [Tensor, Tensor];
  const kernel = extent(w);
  let turned = names[1] as string;
  if (kernel[0] > 1 || kernel[1] > 1) {
    const from = graph.integers([-1, -1]);
    const to = graph.integers([-Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER]);
    turned = graph.emit("Slice", [turned, from, to, graph.integers([2, 3]), from]);
  }
  const offset = map((a) => attributes.dilation[a] * (kernel[a] - 1) - attributes.offset[a]);
  return convolve(
    graph,
    names[0] as string,
    graph.emit("Transpose", [turned], { perm: [1, 0, 2, 3] }),
    extent(x),
    kernel,
    { ...attributes, offset },
  );
}

/** ConvTranspose, cut at its padded sides; beyond what the kernel reaches the result is zero. */
function lowerStrided({ graph, names, inputs, attributes }: Application<ConvolutionAttributes>): string {
  const [image, kernel] = inputs.map(extent) as [Pair, Pair];
  const { stride, dilation, offset, size } = attributes;
  const end = map(
    (a) => (image[a] - 1) * stride[a] + (kernel[a] - 1) * dilation[a] + 1 - offset[a] - size[a],
  );
  const result = graph.emit("ConvTranspose", names, {
    strides: stride,
    dilations: dilation,
    pads: [...offset, ...end].map((n) => Math.max(n, 0)),
  });
  return pads(
    graph,
    result,
    map((a) => Math.max(-offset[a], 0)),
    map((a) => Math.max(-end[a], 0)),
  );
}
