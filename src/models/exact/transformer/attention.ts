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
} from "../../../tensor/index.ts";

const flipped = (t: Tensor) => transpose(t, [0, 1, 3, 2]);

/**
 * softmax(q kᵀ + mask) v for q, k, v `[batch, heads, positions, width]` and a mask of 0 and −∞, `[positions, positions]`
 * (Vaswani et al., arXiv:1706.03762, equation 1; q is scaled already).
 *
 * Its derivative is written out: Σ_j p_ij ∂p_ij is g_i · o_i, a sum over the width of a head instead of all positions
 * (Dao et al., arXiv:2205.14135, appendix B).
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor): Tensor {
  const weights = (a: Tensor, b: Tensor) => softmax(add(matmul(a, flipped(b)), mask));
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
