import { usageError } from "../error.ts";
import type { Key } from "./key.ts";
import { stream } from "./stream.ts";

/**
 * A uniformly random permutation of 0, 1, ..., n − 1, by the shuffle of Fisher and Yates.
 *
 * Throws when `n` is not an integer in [0, 2^32).
 */
export function permutation(key: Key, n: number): Uint32Array {
  if (n >>> 0 !== n) throw usageError(`a permutation has an integer length in [0, 2^32), got ${n}`);
  const random = stream(key);
  const out = new Uint32Array(n);
  // Inside out: element i takes the place of a random earlier one, which moves to the end.
  for (let i = 0; i < n; i++) {
    const j = random.below(i + 1);
    out[i] = out[j]!;
    out[j] = i;
  }
  return out;
}

/** Returns the inverse of a permutation: the index of each of its values. */
export function inversePermutation(permutation: Uint32Array): Uint32Array {
  const inverse = new Uint32Array(permutation.length);
  permutation.forEach((value, position) => {
    inverse[value] = position;
  });
  return inverse;
}
