import type { NDArray } from "../../../array.ts";
import { type Space, sites } from "../../../data/space.ts";
import { type ActivationName, activations } from "../../../nn/activation.ts";
import { bernoulliLogProb, categoricalLogProb } from "../../../nn/likelihood.ts";
import { add, constant, matmul, mul, oneHot, reshape, sum, type Tensor } from "../../../tensor/index.ts";
import type { Traced } from "../../contract.ts";

type Weight = { readonly weight: NDArray<"f32"> };
type Layer = Weight & { readonly bias: NDArray<"f32"> };

/**
 * Weights `[inputs, outputs]`: the first layer reads the sites (one-hot if categorical), the output layer gives
 * one logit a site, or one a state. `direct` joins inputs to outputs, `context` enters the first layer.
 */
export type MadeParameters = {
  readonly layers: readonly Layer[];
  readonly output: Layer;
  readonly direct?: Weight;
  readonly context?: Weight;
};

/** Inputs and logits a site has: 1 for a binary site, the number of states for a categorical one. */
export function statesOf(space: Space): number {
  return space.kind === "categorical" ? space.states : 1;
}

/** The parameters with each weight multiplied by its mask. */
export function maskedBy(
  p: Traced<MadeParameters>,
  masks: Readonly<Record<string, Float32Array>>,
): Traced<MadeParameters> {
  const apply = (weight: Tensor, path: string) => {
    const mask = masks[path] as Float32Array;
    const data = weight.dtype === "f64" ? Float64Array.from(mask) : mask;
    return mul(weight, constant({ dtype: weight.dtype, shape: weight.shape, data } as NDArray<"f32">));
  };
  return {
    ...p,
    layers: p.layers.map((layer, i) => ({ ...layer, weight: apply(layer.weight, `layers.${i}.weight`) })),
    output: { ...p.output, weight: apply(p.output.weight, "output.weight") },
    ...(p.direct ? { direct: { weight: apply(p.direct.weight, "direct.weight") } } : {}),
  };
}

/** The network's input rows: bits as they are, states one-hot; `[batch, sites · states]`. */
export function encode(space: Space, x: Tensor, dtype: "f32" | "f64"): Tensor {
  const rows = x.shape[0] as number;
  const flat = reshape(x, [rows, sites(space)]);
  if (space.kind !== "categorical") return flat;
  return reshape(oneHot(flat, space.states, dtype), [rows, sites(space) * space.states]);
}

/** Pre-activations of the first hidden layer before any site is known: the bias and the context's share. */
export function firstBias(p: Traced<MadeParameters>, context: Tensor | undefined): Tensor {
  const { bias } = p.layers[0] as { bias: Tensor };
  return p.context && context ? add(matmul(context, p.context.weight), bias) : bias;
}

/** The layers above the first, from its pre-activations to the activations that the output layer reads. */
export function upper(p: Traced<MadeParameters>, name: ActivationName, first: Tensor): Tensor {
  const activation = activations[name];
  return p.layers
    .slice(1)
    .reduce((h, { weight, bias }) => activation(add(matmul(h, weight), bias)), activation(first));
}

/** Logits of every site given the sites before it: `[batch, sites · states]`. */
export function forward(
  p: Traced<MadeParameters>,
  name: ActivationName,
  space: Space,
  x: Tensor,
  context?: Tensor,
): Tensor {
  const input = encode(space, x, p.output.weight.dtype as "f32" | "f64");
  const { weight } = p.layers[0] as { weight: Tensor };
  const top = upper(p, name, add(matmul(input, weight), firstBias(p, context)));
  const logits = add(matmul(top, p.output.weight), p.output.bias);
  return p.direct ? add(logits, matmul(input, p.direct.weight)) : logits;
}

/** log P of each row from the logits of all its sites; `[batch]`. */
export function logProbOf(space: Space, logits: Tensor, x: Tensor): Tensor {
  const n = sites(space);
  const rows = x.shape[0] as number;
  const flat = reshape(x, [rows, n]);
  if (space.kind !== "categorical") return sum(bernoulliLogProb(logits, flat), 1);
  return sum(categoricalLogProb(reshape(logits, [rows, n, space.states]), flat), 1);
}
