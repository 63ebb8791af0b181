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
    if ((application.inputs[0] as Tensor).dtype === "f64") return lowerPatches(application, "conv2d");
    const safe = withChannels(application, 1);
    return convolve(safe, safe.names[1] as string, extent(safe.inputs[1] as Tensor), safe.attributes);
  }),
  rule(convTranspose2dOperation, (application) => {
    if ((application.inputs[0] as Tensor).dtype === "f64")
      return lowerPatches(application, "convTranspose2d");
    const { stride } = application.attributes;
    const safe = withChannels(application, 0);
    return stride[0] === 1 && stride[1] === 1 ? lowerDense(safe) : lowerStrided(safe);
  }),
]);

/**
 * The application with one more channel of zeros if the channels are a batch, as in a kernel's cotangent: the
 * engine's convolution never returns (onnxruntime 1.30) when there are no channels.
 */
function withChannels(
  application: Application<ConvolutionAttributes>,
  kernelAxis: 0 | 1,
): Application<ConvolutionAttributes> {
  const { graph, names, inputs } = application;
  const [x, w] = inputs as [Tensor, Tensor];
  if ((x.shape[1] as number) > 0) return application;
  const padded = [
    graph.pad(names[0] as string, x, [{ axis: 1, before: 0, after: 1 }]),
    graph.pad(names[1] as string, w, [{ axis: kernelAxis, before: 0, after: 1 }]),
  ];
  return { ...application, names: padded };
}

const extent = (t: Tensor): Pair => [t.shape[2] as number, t.shape[3] as number];
const map = (f: (axis: 0 | 1) => number): Pair => [f(0), f(1)];

/** Zeros before and after the last two axes of images; a negative number cuts. */
function pads(graph: GraphBuilder, x: string, image: Tensor, before: Pair, after: Pair): string {
  const axes = ([0, 1] as const).map((a) => ({ axis: 2 + a, before: before[a], after: after[a] }));
  return graph.pad(x, image, axes);
}

const zeros = (graph: GraphBuilder, { shape, dtype }: Tensor) =>
  graph.emit("Expand", [graph.number(0, dtype), graph.shape(shape)]);

/** Conv with padding chosen so that the result has the requested size; what lies outside is cut off first. */
function convolve(
  { graph, names, inputs, outputs }: Application<ConvolutionAttributes>,
  w: string,
  kernel: Pair,
  { stride, dilation, offset, size }: ConvolutionAttributes,
): string {
  const x = inputs[0] as Tensor;
  const image = extent(x);
  const end = map(
    (a) => (size[a] - 1) * stride[a] + (kernel[a] - 1) * dilation[a] + 1 - image[a] - offset[a],
  );
  const before = map((a) => Math.min(offset[a], 0));
  const after = map((a) => Math.min(end[a], 0));
  // Strides may step over all of a small image.
  if (map((a) => image[a] + before[a] + after[a]).some((n) => n <= 0))
    return zeros(graph, outputs[0] as Tensor);
  return graph.emit("Conv", [pads(graph, names[0] as string, x, before, after), w], {
    strides: stride,
    dilations: dilation,
    pads: [...offset, ...end].map((n) => Math.max(n, 0)),
  });
}

/** With stride 1 a transposed convolution is a convolution with the kernel turned around, which runs faster. */
function lowerDense(application: Application<ConvolutionAttributes>): string {
  const { graph, names, inputs, attributes } = application;
  const kernel = extent(inputs[1] as Tensor);
  let turned = names[1] as string;
  if (kernel[0] > 1 || kernel[1] > 1) {
    const from = graph.integers([-1, -1]);
    const to = graph.integers([-Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER]);
    turned = graph.emit("Slice", [turned, from, to, graph.integers([2, 3]), from]);
  }
  const offset = map((a) => attributes.dilation[a] * (kernel[a] - 1) - attributes.offset[a]);
  return convolve(application, graph.transpose(turned, [1, 0, 2, 3]), kernel, { ...attributes, offset });
}

/** ConvTranspose, cut at its padded sides; beyond what the kernel reaches the result is zero. */
function lowerStrided({
  graph,
  names,
  inputs,
  outputs,
  attributes,
}: Application<ConvolutionAttributes>): string {
  const [image, kernel] = inputs.map(extent) as [Pair, Pair];
  const { stride, dilation, offset, size } = attributes;
  const out = outputs[0] as Tensor;
  const whole = map((a) => (image[a] - 1) * stride[a] + (kernel[a] - 1) * dilation[a] + 1);
  const end = map((a) => whole[a] - offset[a] - size[a]);
  const cut = [...offset, ...end].map((n) => Math.max(n, 0)) as [number, number, number, number];
  if (whole[0] - cut[0] - cut[2] <= 0 || whole[1] - cut[1] - cut[3] <= 0) return zeros(graph, out);
  const result = graph.emit("ConvTranspose", names, { strides: stride, dilations: dilation, pads: cut });
  return pads(
    graph,
    result,
    out,
    map((a) => Math.max(-offset[a], 0)),
    map((a) => Math.max(-end[a], 0)),
  );
}
