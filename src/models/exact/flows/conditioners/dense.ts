import { type NDArray, sizeOf } from "../../../../array.ts";
import { type ActivationName, activations } from "../../../../nn/activation.ts";
import { glorotInit, uniformInit, zerosInit } from "../../../../nn/init.ts";
import type { Key } from "../../../../random/key.ts";
import { add, matmul, reshape, type Tensor } from "../../../../tensor/index.ts";
import type { Symbolic } from "../../../contract.ts";
import type { MakeConditioner } from "../conditioner.ts";

/** A matrix `[inputs, outputs]` and a bias `[outputs]`. */
export type Linear = { readonly weight: NDArray<"f32">; readonly bias: NDArray<"f32"> };

/** Layers from input to output, and what the context adds to the first one's pre-activations. */
export type DenseParameters = {
  readonly layers: readonly Linear[];
  readonly context?: { readonly weight: NDArray<"f32"> };
};

/**
 * Glorot's weights, and biases uniform on the same interval. Of one variable, units with biases of zero would all bend at the
 * same place, and smooth ones would be multiples of one another: biases as large as weights spread them.
 */
export function spreadLayer(key: Key, inputs: number, outputs: number): Linear {
  const limit = Math.sqrt(6 / (inputs + outputs));
  return {
    weight: uniformInit(key.fold(0), [inputs, outputs], limit),
    bias: uniformInit(key.fold(1), [outputs], limit),
  };
}

/** x · weight + bias. */
export const linear = (x: Tensor, { weight, bias }: Symbolic<Linear>): Tensor => add(matmul(x, weight), bias);

/** Options of a dense or residual conditioner. */
export interface DenseOptions {
  /** Units of each hidden layer. */
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  /** Numbers in the context of a row, 0 for none. */
  readonly contextSize: number;
}

/** A feed-forward network. The last layer starts at zero. */
export function dense({ hidden, activation, contextSize }: DenseOptions): MakeConditioner<DenseParameters> {
  return (from, to) => {
    const sizes = [sizeOf(from), ...hidden, sizeOf(to)];
    const last = sizes.length - 2;
    return {
      init: (key) => ({
        layers: sizes.slice(1).map((outputs, i) => {
          const inputs = sizes[i] as number;
          if (i < last) return spreadLayer(key.fold(i), inputs, outputs);
          return { weight: zerosInit([inputs, outputs]), bias: zerosInit([outputs]) };
        }),
        ...(contextSize > 0 && {
          context: { weight: glorotInit(key.fold(sizes.length), contextSize, sizes[1] as number) },
        }),
      }),
      outputs(p, kept, context) {
        const rows = kept.shape[0] as number;
        let h = reshape(kept, [rows, sizes[0] as number]);
        p.layers.forEach((layer, i) => {
          h = linear(h, layer);
          if (i === 0 && p.context && context) h = add(h, matmul(context, p.context.weight));
          if (i < last) h = activations[activation](h);
        });
        return reshape(h, [rows, ...to]);
      },
    };
  };
}
