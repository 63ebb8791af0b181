import { checkPositive } from "./check.ts";
import type { FlatParameters } from "./flat.ts";
import { coalesceRows, type RowGradient } from "./rows.ts";

function sumSquares(part: FlatParameters | RowGradient): number {
  if ("kernel" in part)
    return part.kernel.sumSquares(part.grads.byteOffset, part.mask?.byteOffset ?? 0, part.size);
  let sum = 0;
  for (const g of coalesceRows(part).grads) sum += g * g;
  return sum;
}

/**
 * Euclidean norm of the whole gradient over all `parts`, masks applied, summed in f64.
 *
 * No finite f32 gradient can overflow it, so it is finite exactly when every gradient is: the training loop's
 * check for NaN and infinities costs nothing more.
 */
export function globalNorm(...parts: readonly (FlatParameters | RowGradient)[]): number {
  return Math.sqrt(parts.reduce((sum, part) => sum + sumSquares(part), 0));
}

/**
 * The factor that brings a gradient of the given norm down to `maxNorm`; 1 for a smaller one. NaN for a norm
 * that is not finite, which a step refuses.
 *
 * Pascanu, Mikolov & Bengio, arXiv:1211.5063, algorithm 1.
 */
export function clipScale(norm: number, maxNorm: number): number {
  checkPositive("maxNorm", maxNorm);
  if (!Number.isFinite(norm)) return Number.NaN;
  return norm > maxNorm ? maxNorm / norm : 1;
}
