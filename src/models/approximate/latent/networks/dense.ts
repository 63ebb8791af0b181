import type { NDArray } from "../../../../array.ts";
import { type ActivationName, activations } from "../../../../nn/activation.ts";
import { glorotInit, zerosInit } from "../../../../nn/init.ts";
import { add, concat, matmul, type Tensor } from "../../../../tensor/index.ts";
import type { Network } from "./network.ts";

/**
 * Layers from input to output, each with a weight `[inputs, outputs]` and a bias; the last may have no bias.
 */
export type DenseParameters = {
  readonly layers: readonly { readonly weight: NDArray<"f32">; readonly bias?: NDArray<"f32"> }[];
};

/** What {@link dense} is made of. */
export interface DenseOptions {
  /** Numbers that it reads, without the context. */
  readonly inputs: number;
  readonly outputs: number;
  /** Units of each hidden layer; none for a linear map. */
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  /** Numbers in the context of a row, 0 for none; the first layer reads them too. */
  readonly contextSize: number;
  /** Whether the last layer has a bias (default true). */
  readonly bias?: boolean;
}

/** A feed-forward network from `[batch, inputs]` to `[batch, outputs]`: Glorot's weights, biases of zero. */
export function dense(options: DenseOptions): Network<DenseParameters> {
  const { inputs, outputs, hidden, activation, contextSize, bias = true } = options;
  const sizes = [inputs + contextSize, ...hidden, outputs];
  const last = sizes.length - 2;
  const hasBias = (layer: number) => bias || layer < last;
  return {
    count: sizes
      .slice(1)
      .reduce((sum, units, i) => sum + units * ((sizes[i] as number) + Number(hasBias(i))), 0),
    init: (key) => ({
      layers: sizes.slice(1).map((units, i) => ({
        weight: glorotInit(key.fold(i), sizes[i] as number, units),
        ...(hasBias(i) && { bias: zerosInit([units]) }),
      })),
    }),
    apply: (p, input, context) =>
      p.layers.reduce(
        (below: Tensor, layer, i) => {
          const product = matmul(below, layer.weight);
          const sums = layer.bias ? add(product, layer.bias) : product;
          return i < last ? activations[activation](sums) : sums;
        },
        context ? concat([input, context], 1) : input,
      ),
  };
}
