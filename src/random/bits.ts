import { checkCount } from "./count.ts";
import type { Key } from "./key.ts";
import { fillBits } from "./threefry.ts";

/** The first `n` 32-bit words of the key's stream. Throws when `n` is not a non-negative integer. */
export function bits(key: Key, n: number): Uint32Array {
  checkCount(n);
  const out = new Uint32Array(n);
  fillBits(key.k0, key.k1, out);
  return out;
}
