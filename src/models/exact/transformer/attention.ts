import {
  add,
  concat,
  customGradient,
  matmul,
  mul,
  slice,
  softmax,
  sub,
  sum,
  type Tensor,
  transpose,
} from "../../../tensor/index.ts";

/** Four groups leave out most of what a mask forbids; more, or smaller ones, make products too small to be fast. */
const GROUPS = 4;
const LEAST = 16;

const flipped = (t: Tensor) => transpose(t, [0, 1, 3, 2]);

/**
 * softmax(q kᵀ + mask) v for q, k, v `[batch, heads, positions, width]` and a causal mask, `[positions, positions]` of 0
 * and, where a later position would be seen, −∞ (Vaswani et al., arXiv:1706.03762, equation 1; q is scaled already).
 *
 * Groups of positions look at the positions up to their last, which saves most of what the mask forbids. The derivative
 * is written out: Σ_j p_ij ∂p_ij is g_i · o_i, a sum over the width of a head instead of all positions (Dao et al.,
 * arXiv:2205.14135, appendix B).
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor): Tensor {
  const positions = q.shape[2] as number;
  const groups = Math.max(1, Math.min(GROUPS, Math.floor(positions / LEAST)));
  const ends = Array.from({ length: groups }, (_, i) => Math.floor(((i + 1) * positions) / groups));
  const parts = ends.map((end, i) => {
    const start = ends[i - 1] ?? 0;
    const rows = (t: Tensor) => slice(t, 2, start, end);
    const upTo = (t: Tensor) => slice(t, 2, 0, end);
    return lookBack(rows(q), upTo(k), upTo(v), slice(slice(mask, 0, start, end), 1, 0, end));
  });
  return parts.length === 1 ? (parts[0] as Tensor) : concat(parts, 2);
}

/** {@link attention} of the queries of some positions. */
function lookBack(q: Tensor, k: Tensor, v: Tensor, mask: Tensor): Tensor {
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
