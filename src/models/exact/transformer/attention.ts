import { attend } from "../../../nn/attention.ts";
import { concat, slice, type Tensor } from "../../../tensor/index.ts";

/** Four groups leave out most of what a mask forbids; more, or smaller ones, make products too small to be fast. */
const GROUPS = 4;
const LEAST = 16;

/**
 * softmax(q kᵀ + mask) v for q, k, v `[batch, heads, positions, width]` and a causal mask, `[positions, positions]` of 0
 * and, where a later position would be seen, −∞ (Vaswani et al., arXiv:1706.03762, equation 1; q is scaled already).
 *
 * Groups of positions look at the positions up to their last, which saves most of what the mask forbids.
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor): Tensor {
  const positions = q.shape[2] as number;
  const groups = Math.max(1, Math.min(GROUPS, Math.floor(positions / LEAST)));
  const ends = Array.from({ length: groups }, (_, i) => Math.floor(((i + 1) * positions) / groups));
  const parts = ends.map((end, i) => {
    const start = ends[i - 1] ?? 0;
    const rows = (t: Tensor) => slice(t, 2, start, end);
    const upTo = (t: Tensor) => slice(t, 2, 0, end);
    return attend(rows(q), upTo(k), upTo(v), slice(slice(mask, 0, start, end), 1, 0, end));
  });
  return parts.length === 1 ? (parts[0] as Tensor) : concat(parts, 2);
}
