import type { NDArray } from "../../../array.ts";
import type { Space } from "../../../data/space.ts";
import { type ActivationName, activations } from "../../../nn/activation.ts";
import { dropout } from "../../../nn/dropout.ts";
import {
  add,
  matmul,
  mul,
  oneHot,
  reshape,
  type SymbolicKey,
  sub,
  type Tensor,
} from "../../../tensor/index.ts";
import type { Symbolic } from "../../contract.ts";
import type { MadeBlocks } from "./masks.ts";
import { masked, product } from "./triangular.ts";

/** A weight in blocks of columns (see triangular.ts); one block is the whole weight. */
type Blocks = { readonly weight: readonly NDArray<"f32">[] };
type Layer = Blocks & { readonly bias: NDArray<"f32"> };

/**
 * Weights `[inputs, outputs]`: the first layer reads the sites (one-hot if categorical), the output layer gives
 * one logit a site, or one a state. `direct` joins inputs to outputs, `context` enters the first layer.
 */
export type MadeParameters = {
  /** Hidden layers, each with blocks of a masked weight and a bias `[units]`. */
  readonly layers: readonly Layer[];
  /** From the last hidden layer to the logits: masked weight and bias. */
  readonly output: Layer;
  /** Masked weight from the inputs straight to the logits; absent if the model has no direct connections. */
  readonly direct?: Blocks;
  /** What the context adds to the first layer and straight to the logits: the first site has no other way to see it. */
  readonly context?: { readonly weight: NDArray<"f32">; readonly direct: NDArray<"f32"> };
};

/** The real type the parameters have. */
export function realType(p: Symbolic<MadeParameters>): "f32" | "f64" {
  return p.output.bias.dtype as "f32" | "f64";
}

/** The parameters with each weight multiplied by its mask. */
export function maskedBy(p: Symbolic<MadeParameters>, blocks: MadeBlocks): Symbolic<MadeParameters> {
  return {
    ...p,
    layers: p.layers.map((layer, i) => ({ ...layer, weight: masked(layer.weight, blocks.layers[i] ?? []) })),
    output: { ...p.output, weight: masked(p.output.weight, blocks.output) },
    ...(p.direct ? { direct: { weight: masked(p.direct.weight, blocks.direct) } } : {}),
  };
}

/** How a network is built and reads its input, apart from its parameters. */
export interface Reading {
  readonly space: Space;
  readonly activation: ActivationName;
  /** Binary sites are read as spins, −1 and +1, not as bits. */
  readonly spins: boolean;
}

/** Input columns of `x: [batch, sites]` (any number of sites): bits or spins unchanged, states one-hot. */
export function encode({ space, spins }: Reading, x: Tensor, dtype: "f32" | "f64"): Tensor {
  if (space.kind !== "categorical") return spins ? sub(mul(x, 2), 1) : x;
  const [batch, columns] = x.shape as [number, number];
  return reshape(oneHot(x, space.states, dtype), [batch, columns * space.states]);
}

/** Pre-activations of the first layer (`weight`) or logits (`direct`) with the context's share, if there is one. */
export function withContext(
  p: Symbolic<MadeParameters>,
  part: "weight" | "direct",
  sums: Tensor,
  context: Tensor | undefined,
): Tensor {
  return p.context && context ? add(sums, matmul(context, p.context[part])) : sums;
}

/** Dropout of units and inputs in a training step: the rates, and the key that chooses them. */
export interface Dropped {
  readonly hidden: number;
  readonly inputs: number;
  readonly key: SymbolicKey;
}

/** The layers above the first, from its pre-activations to the activations that the output layer reads. */
export function upper(
  p: Symbolic<MadeParameters>,
  name: ActivationName,
  first: Tensor,
  dropped?: Dropped,
): Tensor {
  const active = (sums: Tensor, layer: number) =>
    dropout(activations[name](sums), dropped?.hidden ?? 0, dropped?.key.fold(layer));
  return p.layers
    .slice(1)
    .reduce((h, { weight, bias }, i) => active(add(product(h, weight), bias), i + 1), active(first, 0));
}

/** Logits of every site given the sites before it, `[batch, sites · states]`, for `x: [batch, sites]`. */
export function forward(
  p: Symbolic<MadeParameters>,
  reading: Reading,
  x: Tensor,
  context?: Tensor,
  dropped?: Dropped,
): Tensor {
  const whole = encode(reading, x, realType(p));
  const input = dropout(whole, dropped?.inputs ?? 0, dropped?.key.fold(p.layers.length));
  const { weight, bias } = p.layers[0] as Symbolic<Layer>;
  const first = withContext(p, "weight", add(product(input, weight), bias), context);
  const top = upper(p, reading.activation, first, dropped);
  const sums = add(product(top, p.output.weight), p.output.bias);
  const logits = withContext(p, "direct", sums, context);
  return p.direct ? add(logits, product(input, p.direct.weight)) : logits;
}
