import { sites } from "../../../data/space.ts";
import type { ActivationName } from "../../../nn/activation.ts";
import { add, expandDims, matmul, reshape, type Tensor, transpose } from "../../../tensor/index.ts";
import type { Symbolic } from "../../contract.ts";
import type { Order, Walk } from "../autoregressive/conditionals.ts";
import { byPosition } from "../autoregressive/order.ts";
import {
  begin,
  encode,
  inputWeights,
  type NadeParameters,
  type NadeShape,
  toLogits,
  upper,
} from "./network.ts";

type State = {
  /** `[batch, hidden]`: pre-activations of the first hidden layer. */
  readonly first: Tensor;
};

type Step = {
  /** `[inputs, hidden]`: what the site adds to them. */
  readonly row: Tensor;
  /** `[hidden, outputs]`: how the last hidden layer makes its outputs. */
  readonly column: Tensor;
  /** `[states]`. */
  readonly bias: Tensor;
};

/**
 * Visits the sites in any order. Each adds its row of weights to the pre-activations, which are carried, so that a
 * sample costs O(sites · hidden) with one hidden layer.
 */
export function nadeWalk(
  p: Symbolic<NadeParameters>,
  shape: NadeShape,
  activation: ActivationName,
  order: Order,
  batch: number,
  context?: Tensor,
): Walk<State, Step> {
  const n = sites(shape.space);
  return {
    start: { first: begin(p, batch, context) },
    steps: {
      row: byPosition(inputWeights(p, n), order, 0),
      column: byPosition(transpose(p.output.weight, [1, 0, 2]), order, 0),
      bias: byPosition(p.output.bias, order, 0),
    },
    outputs: ({ first }, { column, bias }) =>
      add(toLogits(p, matmul(upper(p.layers, activation, first), column)), bias),
    advance({ first }, { row }, value) {
      const input = encode(p, shape, expandDims(value, 1));
      return { first: add(first, matmul(reshape(input, [batch, row.shape[0] as number]), row)) };
    },
  };
}
