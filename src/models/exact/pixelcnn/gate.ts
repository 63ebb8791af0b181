import {
  concat,
  customGradient,
  mul,
  sigmoid,
  slice,
  sub,
  type Tensor,
  tanh,
} from "../../../tensor/index.ts";

/** How the two halves of a layer's sums make its activations. */
export type GateName = "tanh" | "linear";

/**
 * Activations `[rows, channels]` from sums `[rows, 2 · channels]`: the first half, by tanh or unchanged,
 * times the sigmoid of the second (van den Oord et al., arXiv:1606.05328, equation 2; Dauphin et al.,
 * arXiv:1612.08083, equation 1).
 */
export function gate(name: GateName, sums: Tensor): Tensor {
  const channels = (sums.shape[1] as number) / 2;
  const parts = (y: Tensor) => {
    const signal = slice(y, 1, 0, channels);
    return [name === "tanh" ? tanh(signal) : signal, sigmoid(slice(y, 1, channels))] as const;
  };
  const [out] = customGradient(
    (y) => {
      const [signal, open] = parts(y as Tensor);
      return [mul(signal, open)];
    },
    // Fewer elementwise operations than the derivative of the composition: they are a large part of a narrow layer.
    ([g], [y], [value]) => {
      if (!g) return [undefined];
      const [signal, open] = parts(y as Tensor);
      const passed = mul(g, open);
      const product = mul(g, value as Tensor);
      const ofSignal = name === "tanh" ? sub(passed, mul(product, signal)) : passed;
      return [concat([ofSignal, sub(product, mul(product, open))], 1)];
    },
  )(sums);
  return out as Tensor;
}
