import { usageError } from "../error.ts";
import { checkCount } from "./count.ts";
import type { Key } from "./key.ts";
import { stream } from "./stream.ts";

/**
 * `n` independent integers in [low, high), all exactly equally likely.
 *
 * Throws when `n` is not a non-negative integer, when low or high is not an integer in [−2^31, 2^31], or when
 * high ≤ low.
 */
export function integers(key: Key, n: number, low: number, high: number): Int32Array {
  checkCount(n);
  const fits = (bound: number) => Number.isInteger(bound) && Math.abs(bound) <= 2 ** 31;
  if (!fits(low) || !fits(high) || low === 2 ** 31 || high <= low)
    throw usageError(
      `integers are drawn in [low, high) with −2^31 ≤ low < high ≤ 2^31, got [${low}, ${high})`,
    );
  const random = stream(key);
  const out = new Int32Array(n);
  for (let i = 0; i < n; i++) out[i] = low + random.below(high - low);
  return out;
}
