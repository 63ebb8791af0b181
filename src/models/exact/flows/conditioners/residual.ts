import type { NDArray } from "../../../../array.ts";
import { sizeOf } from "../../../../array.ts";
import { usageError } from "../../../../error.ts";
import { activations } from "../../../../nn/activation.ts";
import { glorotInit, zerosInit } from "../../../../nn/init.ts";
import { add, matmul, reshape } from "../../../../tensor/index.ts";
import type { MakeConditioner } from "../conditioner.ts";
import { type DenseOptions, type Linear, linear, spreadLayer } from "./dense.ts";

/** The first layer, two layers for each block, the last layer. */
export type ResidualParameters = {
  readonly input: Linear;
  readonly blocks: readonly { readonly first: Linear; readonly second: Linear }[];
  readonly output: Linear;
  readonly context?: { readonly weight: NDArray<"f32"> };
};

/**
 * A residual network: h ← h + W₂ f(W₁ f(h)) for each entry of `hidden` after the first, all of the same width (as the
 * conditioners of Durkan et al., arXiv:1906.04032, section 4). Deeper than a plain network at the same ease of training.
 * Throws AnsatzError (usage) for hidden layers of different widths.
 */
export function residual({
  hidden,
  activation,
  contextSize,
}: DenseOptions): MakeConditioner<ResidualParameters> {
  const width = hidden[0] as number;
  if (hidden.some((units) => units !== width))
    throw usageError(`a residual network has layers of one width, not ${hidden.join(", ")}`);
  const f = activations[activation];
  const zero = (inputs: number, outputs: number): Linear => ({
    weight: zerosInit([inputs, outputs]),
    bias: zerosInit([outputs]),
  });
  return (from, to) => ({
    init: (key) => ({
      input: spreadLayer(key.fold(0), sizeOf(from), width),
      blocks: hidden.slice(1).map((_, i) => ({
        first: spreadLayer(key.fold(1).fold(i), width, width),
        second: spreadLayer(key.fold(2).fold(i), width, width),
      })),
      output: zero(width, sizeOf(to)),
      ...(contextSize > 0 && { context: { weight: glorotInit(key.fold(3), contextSize, width) } }),
    }),
    outputs(p, kept, context) {
      const rows = kept.shape[0] as number;
      let h = linear(reshape(kept, [rows, sizeOf(from)]), p.input);
      if (p.context && context) h = add(h, matmul(context, p.context.weight));
      for (const { first, second } of p.blocks) h = add(h, linear(f(linear(f(h), first)), second));
      return reshape(linear(f(h), p.output), [rows, ...to]);
    },
  });
}
