import type { Space } from "../../../data/space.ts";
import { add, concat, expandDims, gather, matmul, oneHot, sub, type Tensor } from "../../../tensor/index.ts";
import type { Symbolic } from "../../contract.ts";
import type { Vocabulary } from "../autoregressive/vocabulary.ts";
import type { Cell, Sums } from "./cells.ts";
import type { Lattice } from "./lattice.ts";
import type { LayerParameters, RnnParameters } from "./parameters.ts";

/** What hyperparameters and a space make of the network. */
export interface Network {
  readonly space: Space;
  readonly cell: Cell;
  readonly lattice: Lattice;
  /** Input and output of a large vocabulary, where its states are sampled to train. */
  readonly words?: Vocabulary<RnnParameters>;
}

/** The real type the parameters have. */
export function realType(p: Symbolic<RnnParameters>): "f32" | "f64" {
  return p.output.bias.dtype as "f32" | "f64";
}

/** What values `[...]` are to the network, `[..., width]`: one-hot, or rows of the embedding. */
export function encode(p: Symbolic<RnnParameters>, { space, words }: Network, x: Tensor): Tensor {
  if (words) return words.embed(p, x);
  if (p.embedding) return gather(p.embedding, x, 0);
  if (space.kind === "categorical") return oneHot(x, space.states, realType(p));
  const bits = expandDims(x, -1);
  return concat([sub(1, bits), bits], -1);
}

/** Length of {@link encode}'s rows. */
export function widthOf(p: Symbolic<RnnParameters>): number {
  return p.layers[0]?.gates.input[0]?.shape[0] as number;
}

type Layer = Symbolic<LayerParameters>;

/** What inputs `[..., width]`, one for each input weight of the layer, add to gates and candidate, biases included. */
export function driven(layer: Layer, inputs: readonly Tensor[]): Pick<Sums, "gates" | "input"> {
  const x = concat(inputs, -1);
  const product = ({ input, bias }: Layer["gates"]) => add(matmul(x, concat(input, 0)), bias);
  return { gates: product(layer.gates), input: product(layer.candidate) };
}

/** What the output of a neighbour `[..., units]` adds to gates and candidate. */
export function recurred(layer: Layer, neighbour: number, h: Tensor): Pick<Sums, "gates" | "recurrent"> {
  const { gates, candidate } = layer;
  const recurrent = matmul(h, candidate.recurrent[neighbour] as Tensor);
  return {
    gates: matmul(h, gates.recurrent[neighbour] as Tensor),
    recurrent:
      candidate.recurrentBias && neighbour === 0 ? add(recurrent, candidate.recurrentBias) : recurrent,
  };
}

/** What a context `[batch, contextSize]` adds to the first layer and to the logits. */
export function contextSums(p: Symbolic<RnnParameters>, context: Tensor | undefined) {
  if (!p.context || !context) return undefined;
  return {
    gates: matmul(context, p.context.gates),
    input: matmul(context, p.context.candidate),
    output: matmul(context, p.context.output),
  };
}

/** What {@link contextSums} gives. */
export type ContextSums = ReturnType<typeof contextSums>;

/** Outputs of the head `[..., batch, outputs]` from the states of the last layer `[..., batch, units]`. */
export function outputsOf(p: Symbolic<RnnParameters>, h: Tensor, context: ContextSums): Tensor {
  const logits = add(matmul(h, p.output.weight), p.output.bias);
  return context ? add(logits, context.output) : logits;
}
