import { stateCount } from "../../../data/space.ts";
import { activations } from "../../../nn/activation.ts";
import { stencilProduct } from "../../../nn/stencil.ts";
import {
  add,
  broadcastTo,
  cast,
  concat,
  expandDims,
  gather,
  matmul,
  mul,
  oneHot,
  reshape,
  slice,
  sub,
  type Tensor,
} from "../../../tensor/index.ts";
import type { Symbolic } from "../../contract.ts";
import { gate } from "./gate.ts";
import type { Convolution, PixelcnnParameters } from "./parameters.ts";
import type { Plan } from "./plan.ts";

type Real = "f32" | "f64";

/** The real type of the parameters. */
export const realType = (p: Symbolic<PixelcnnParameters>): Real => p.head.bias.dtype as Real;

/**
 * Encoded values of sites `x: [...]`, `[..., encoded]`: spins −1 and +1, one-hot for few states, a learned
 * embedding and the value scaled to [−1, 1] for many. All zeros mean a site that is not drawn yet or lies
 * beyond an edge.
 */
export function encode(p: Symbolic<PixelcnnParameters>, { space }: Plan, x: Tensor): Tensor {
  if (space.kind === "binary") return expandDims(sub(mul(x, 2), 1), -1);
  const states = stateCount(space) as number;
  const dtype = realType(p);
  if (!p.embedding) return oneHot(x, states, dtype);
  const scaled = sub(mul(cast(x, dtype), 2 / (states - 1)), 1);
  return concat([gather(p.embedding, x, 0), expandDims(scaled, -1)], -1);
}

/** Sums before a gate with what the context adds, `rows` of them a configuration. */
export function withContext(
  { bias, context }: Symbolic<Convolution>,
  product: Tensor | undefined,
  rows: readonly [batch: number, each: number],
  given: Tensor | undefined,
): Tensor {
  const [batch, each] = rows;
  const width = bias.shape[0] as number;
  const sums = product ? add(product, bias) : broadcastTo(bias, [batch * each, width]);
  if (!context || !given) return sums;
  const wide = broadcastTo(expandDims(matmul(given, context), 1), [batch, each, width]);
  return add(sums, reshape(wide, [batch * each, width]));
}

/**
 * The horizontal stack's activations from its gated ones: a 1 × 1 convolution, added to the activations of
 * the layer below.
 */
export function horizontalOut(
  { weight, bias }: Symbolic<PixelcnnParameters>["layers"][number]["out"],
  gated: Tensor,
  below: Tensor | undefined,
): Tensor {
  const out = add(matmul(gated, weight), bias);
  return below ? add(below, out) : out;
}

/**
 * Logits of every channel of a pixel, `[pixels, channels · outputs]` before the bias of the site, from the
 * features `[pixels, channels]` of the stacks and the encoded channels of the pixel; each channel sees those
 * before it.
 */
export function headLogits(
  { head }: Symbolic<PixelcnnParameters>,
  plan: Plan,
  features: Tensor,
  pixel: Tensor | undefined,
): Tensor {
  const [rows, count] = [features.shape[0] as number, plan.grid.channels];
  const activation = activations[plan.activation];
  let hidden = add(matmul(activation(features), head.weight), head.bias);
  if (pixel && head.earlier) {
    const seen = head.earlier.map((weight) => matmul(slice(pixel, 1, 0, weight.shape[0] as number), weight));
    // The first channel sees none.
    const rest = add(slice(hidden, 1, plan.head), concat(seen, 1));
    hidden = concat([slice(hidden, 1, 0, plan.head), rest], 1);
  }
  const each = reshape(activation(hidden), [rows * count, plan.head]);
  return reshape(matmul(each, head.output), [rows, count * plan.outputs]);
}

/** Logits of every site given the sites before it, `[batch, sites, outputs]`, for `x: [batch, sites]`. */
export function forward(p: Symbolic<PixelcnnParameters>, plan: Plan, x: Tensor, context?: Tensor): Tensor {
  const { rows, columns, channels: each } = plan.grid;
  const pixels = rows * columns;
  const batch = x.shape[0] as number;
  const values = reshape(encode(p, plan, x), [batch, pixels, each * plan.encoded]);
  const size = [batch, pixels] as const;
  const image = (t: Tensor) => reshape(t, [batch, pixels, plan.channels]);

  let [above, left] = [values, values];
  p.layers.forEach(({ vertical, horizontal, out }, i) => {
    const { vertical: up, horizontal: back } = plan.stack[i] as Plan["stack"][number];
    const isResidual = plan.residual && i > 0;
    let linked: Tensor | undefined;
    if (vertical?.weight && up) {
      const sums = withContext(vertical, stencilProduct(above, vertical.weight, up), size, context);
      const gated = gate(plan.gate, sums);
      linked = isResidual ? add(gated, reshape(above, gated.shape)) : gated;
      above = image(linked);
    }
    const product = horizontal.weight && stencilProduct(left, horizontal.weight, back, linked);
    const gated = gate(plan.gate, withContext(horizontal, product, size, context));
    left = image(horizontalOut(out, gated, isResidual ? reshape(left, gated.shape) : undefined));
  });

  const features = reshape(left, [batch * pixels, plan.channels]);
  const pixel = each > 1 ? reshape(values, [batch * pixels, each * plan.encoded]) : undefined;
  const logits = headLogits(p, plan, features, pixel);
  return plan.siteBias
    ? add(reshape(logits, [batch, pixels * each, plan.outputs]), p.head.logitBias)
    : reshape(add(reshape(logits, [batch, pixels, each, plan.outputs]), p.head.logitBias), [
        batch,
        pixels * each,
        plan.outputs,
      ]);
}
