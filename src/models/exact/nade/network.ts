import type { NDArray } from "../../../array.ts";
import { type Space, sites } from "../../../data/space.ts";
import { type ActivationName, activations } from "../../../nn/activation.ts";
import { glorotInit, zerosInit } from "../../../nn/init.ts";
import type { Key } from "../../../random/key.ts";
import {
  add,
  broadcastTo,
  concat,
  expandDims,
  gather,
  matmul,
  oneHot,
  ones,
  reshape,
  type Tensor,
  transpose,
} from "../../../tensor/index.ts";
import type { Symbolic } from "../../contract.ts";
import { statesOf } from "../autoregressive/head.ts";

type Layer = { readonly weight: NDArray<"f32">; readonly bias: NDArray<"f32"> };

/**
 * NADE's parameters, shared by all sites and orders. A site is `inputs` numbers to the network and `outputs` numbers
 * from it (see `sizesOf`).
 */
export type NadeParameters = {
  /** From the sites to the first hidden layer: weight `[sites · inputs, hidden]`. */
  readonly first: Layer;
  /** Hidden layers after the first. */
  readonly layers: readonly Layer[];
  /** From the last hidden layer to the sites: weight `[hidden, sites, outputs]`, bias `[sites, states]`. */
  readonly output: Layer;
  /** `[states, embedding]`: what a state is to the network, and how its outputs become logits. */
  readonly states?: { readonly embedding: NDArray<"f32"> };
  /** What the context adds to the first hidden layer. */
  readonly context?: { readonly weight: NDArray<"f32"> };
};

/** What decides the shapes of the parameters. */
export interface NadeShape {
  readonly space: Space;
  readonly contextSize: number;
  readonly hidden: readonly number[];
  /** Numbers a state is embedded in; 0 for one-hot states. */
  readonly embedding: number;
  readonly anyOrder: boolean;
}

/** Numbers that a site is to the network and from it, and the logits made of the latter. */
export function sizesOf({ space, embedding, anyOrder }: NadeShape) {
  const logits = statesOf(space);
  // A bit comes with a 1, to tell an unknown site from a known 0; a state tells by itself.
  if (space.kind === "binary") return { inputs: anyOrder ? 2 : 1, outputs: 1, logits };
  return embedding > 0
    ? { inputs: embedding, outputs: embedding, logits }
    : { inputs: logits, outputs: logits, logits };
}

/** The real type the parameters have. */
export function realType(p: Symbolic<NadeParameters>): "f32" | "f64" {
  return p.first.bias.dtype as "f32" | "f64";
}

/** Sites as the network reads them, `[batch, sites, inputs]`, from `x: [batch, sites]`; any number of sites. */
export function encode(p: Symbolic<NadeParameters>, shape: NadeShape, x: Tensor): Tensor {
  const { inputs, logits } = sizesOf(shape);
  if (shape.space.kind === "categorical")
    return p.states ? gather(p.states.embedding, x, 0) : oneHot(x, logits, realType(p));
  const bit = expandDims(x, 2);
  return inputs === 1 ? bit : concat([bit, ones(bit.shape, realType(p))], 2);
}

/** Pre-activations of the first hidden layer before any site is known, `[batch, hidden]`. */
export function begin(p: Symbolic<NadeParameters>, batch: number, context: Tensor | undefined): Tensor {
  const { bias } = p.first;
  return p.context && context
    ? add(matmul(context, p.context.weight), bias)
    : broadcastTo(bias, [batch, bias.shape[0] as number]);
}

/** Activations of the last hidden layer from the pre-activations of the first, whatever the leading axes. */
export function upper(
  layers: Symbolic<NadeParameters>["layers"],
  name: ActivationName,
  first: Tensor,
): Tensor {
  const activation = activations[name];
  return layers.reduce((h, { weight, bias }) => activation(add(matmul(h, weight), bias)), activation(first));
}

/** Logits from the network's outputs of sites, `[..., outputs]`, which lack the biases, and the biases. */
export function toLogits(p: Symbolic<NadeParameters>, outputs: Tensor): Tensor {
  return p.states ? matmul(outputs, transpose(p.states.embedding)) : outputs;
}

/** The input weights with an axis for the sites: `[sites, inputs, hidden]`. */
export function inputWeights(p: Symbolic<NadeParameters>, n: number): Tensor {
  const [rows, hidden] = p.first.weight.shape as [number, number];
  return reshape(p.first.weight, [n, rows / n, hidden]);
}

/** Fresh parameters: biases zero, weights as for full matrices. */
export function initial(key: Key, shape: NadeShape): NadeParameters {
  const { space, contextSize, hidden } = shape;
  const n = sites(space);
  const { inputs, outputs, logits } = sizesOf(shape);
  const [first, top] = [hidden[0] as number, hidden.at(-1) as number];
  const weight = glorotInit(key.fold(0), n * inputs, first);
  const output = glorotInit(key.fold(1), top, n * outputs);
  return {
    first: { weight, bias: zerosInit([first]) },
    layers: hidden.slice(1).map((units, i) => ({
      weight: glorotInit(key.fold(4 + i), hidden[i] as number, units),
      bias: zerosInit([units]),
    })),
    output: { weight: { ...output, shape: [top, n, outputs] }, bias: zerosInit([n, logits]) },
    ...(shape.embedding > 0 && space.kind === "categorical"
      ? { states: { embedding: glorotInit(key.fold(2), logits, shape.embedding) } }
      : {}),
    ...(contextSize > 0 ? { context: { weight: glorotInit(key.fold(3), contextSize, first) } } : {}),
  };
}
