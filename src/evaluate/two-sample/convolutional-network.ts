import type { NDArray } from "../../array.ts";
import { glorotInit, uniformInit, zerosInit } from "../../nn/init.ts";
import type { Key } from "../../random/key.ts";
import {
  add,
  conv2d,
  matmul,
  mean,
  mul,
  relu,
  reshape,
  softplus,
  sub,
  type Tensor,
} from "../../tensor/index.ts";

/** Channels of the layers; each layer halves both sides. */
const widths = [16, 16, 32] as const;

/** The weights of a small network that classifies pictures, by name. */
export type Weights = Record<string, NDArray<"f32">>;
/** The same in a graph. */
export type SymbolicWeights = Record<string, Tensor>;

/** First weights for maps of these channels and sides. */
export function initialWeights(
  key: Key,
  [channels, height, width]: readonly [number, number, number],
): Weights {
  const weights: Weights = {};
  let [inputs, h, w] = [channels, height, width];
  widths.forEach((outputs, layer) => {
    weights[`kernel${layer}`] = uniformInit(
      key.fold(layer),
      [outputs, inputs, 3, 3],
      Math.sqrt(6 / (9 * inputs)),
    );
    weights[`bias${layer}`] = zerosInit([outputs, 1, 1]);
    [inputs, h, w] = [outputs, Math.ceil(h / 2), Math.ceil(w / 2)];
  });
  weights.out = glorotInit(key.fold(widths.length), inputs * h * w, 1);
  weights.outBias = zerosInit([1]);
  weights.outMean = glorotInit(key.fold(widths.length + 1), inputs, 1);
  return weights;
}

/** The number of each picture that is larger for the second set: `[batch]`. */
export function logit(p: SymbolicWeights, pictures: Tensor): Tensor {
  let h = pictures;
  for (const layer of widths.keys())
    h = relu(add(conv2d(h, p[`kernel${layer}`]!, { stride: 2, padding: 1 }), p[`bias${layer}`]!));
  const flat = reshape(h, [pictures.shape[0] as number, p.out!.shape[0] as number]);
  // Of maps that are alike everywhere only means over the places matter, and these are learned from few maps.
  const means = matmul(mean(h, [2, 3]), p.outMean!);
  return reshape(add(add(matmul(flat, p.out!), p.outBias!), means), [pictures.shape[0] as number]);
}

/** The cross-entropy of labels 0 and 1. */
export function lossOf(p: SymbolicWeights, pictures: Tensor, labels: Tensor): Tensor {
  const z = logit(p, pictures);
  return mean(sub(softplus(z), mul(labels, z)));
}
