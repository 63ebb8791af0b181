import type { NDArray } from "../../../../array.ts";
import { activations } from "../../../../nn/activation.ts";
import { glorotInit, zerosInit } from "../../../../nn/init.ts";
import { add, matmul, reshape } from "../../../../tensor/index.ts";
import { makeOrdering, naturalOrder } from "../../made/masks.ts";
import type { Conditioner } from "../conditioner.ts";
import { type DenseOptions, type Linear, linear, spreadLayer } from "./dense.ts";

/** Layers from input to output, and what the context adds to the first layer and straight to the outputs. */
export type MaskedDenseParameters = {
  readonly layers: readonly Linear[];
  /** Weights of the context, the only input of the first variable's outputs. */
  readonly context?: { readonly weight: NDArray<"f32">; readonly direct: NDArray<"f32"> };
};

/**
 * MADE's network for real numbers: from `n` variables to `size` numbers for each, `[size, n]`, which see the variables before
 * it alone (Germain et al., arXiv:1502.03509, section 3). Masked weights start at zero, and `masks` keep them there.
 */
export function maskedDense(
  n: number,
  size: number,
  { hidden, activation, contextSize }: DenseOptions,
): Conditioner<MaskedDenseParameters> {
  const { degrees } = makeOrdering(naturalOrder(n), hidden);
  const inputs = naturalOrder(n);
  const outputs = Uint32Array.from({ length: size * n }, (_, i) => i % n);
  // A unit of degree m sees variables 0 to m, and is seen by the outputs of variables beyond m.
  const of = [inputs, ...degrees, outputs];
  const last = of.length - 2;
  const masks = of.slice(1).map((to, i) => {
    const from = of[i] as Uint32Array;
    const open = (a: number, b: number) => (i === last ? a < b : a <= b);
    return Float32Array.from({ length: from.length * to.length }, (_, at) =>
      Number(open(from[Math.floor(at / to.length)] as number, to[at % to.length] as number)),
    );
  });
  return {
    init: (key) => ({
      layers: masks.map((mask, i) => {
        const [a, b] = [(of[i] as Uint32Array).length, (of[i + 1] as Uint32Array).length];
        if (i === last) return { weight: zerosInit([a, b]), bias: zerosInit([b]) };
        const { weight, bias } = spreadLayer(key.fold(i), a, b);
        // A product with 0 may be −0: a masked weight is 0.
        weight.data.forEach((w, at) => {
          weight.data[at] = mask[at] === 0 ? 0 : w;
        });
        return { weight, bias };
      }),
      ...(contextSize > 0 && {
        context: {
          weight: glorotInit(key.fold(of.length), contextSize, hidden[0] as number),
          direct: zerosInit([contextSize, size * n]),
        },
      }),
    }),
    outputs(p, x, context) {
      let h = x;
      p.layers.forEach((layer, i) => {
        h = linear(h, layer);
        if (p.context && context && i === 0) h = add(h, matmul(context, p.context.weight));
        if (p.context && context && i === last) h = add(h, matmul(context, p.context.direct));
        if (i < last) h = activations[activation](h);
      });
      return reshape(h, [x.shape[0] as number, size, n]);
    },
    masks: Object.fromEntries(masks.map((mask, i) => [`layers.${i}.weight`, mask])),
  };
}
