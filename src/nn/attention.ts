import {
  add,
  customGradient,
  matmul,
  mul,
  softmax,
  sub,
  sum,
  type Tensor,
  transpose,
} from "../tensor/index.ts";

const flipped = (t: Tensor) => transpose(t, [0, 1, 3, 2]);

/**
 * softmax(q kᵀ + mask) v for q `[batch, heads, positions, width]`, k and v `[batch, heads, others, width]`, and a mask
 * `[positions, others]` of 0 and, for a pair that must not meet, −∞ (Vaswani et al., arXiv:1706.03762, equation 1; q is scaled already).
 *
 * The derivative is written out: Σ_j p_ij ∂p_ij is g_i · o_i, a sum over the width of a head instead of all positions
 * (Dao et al., arXiv:2205.14135, appendix B).
 */
export function attend(q: Tensor, k: Tensor, v: Tensor, mask?: Tensor): Tensor {
  const weights = (a: Tensor, b: Tensor) => {
    const products = matmul(a, flipped(b));
    return softmax(mask ? add(products, mask) : products);
  };
  const [o] = customGradient(
    (a, b, c) => [matmul(weights(a as Tensor, b as Tensor), c as Tensor)],
    ([g], inputs, outputs) => {
      const [a, b, c] = inputs as [Tensor, Tensor, Tensor];
      if (!g) return [undefined, undefined, undefined];
      // The same expression as forwards: the graph computes it once.
      const p = weights(a, b);
      const lost = sum(mul(g, outputs[0] as Tensor), -1, true);
      const s = mul(p, sub(matmul(g, flipped(c)), lost));
      return [matmul(s, b), matmul(flipped(s), a), matmul(flipped(p), g)];
    },
  )(q, k, v);
  return o as Tensor;
}
