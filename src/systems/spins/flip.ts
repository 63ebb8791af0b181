import { bits } from "../../random/bits.ts";
import type { Key } from "../../random/key.ts";

/** Flips all spins of a configuration with probability ½. */
export function flipAtRandom(spins: Uint8Array, key: Key): void {
  if ((bits(key, 1)[0]! & 1) === 0) return;
  for (let i = 0; i < spins.length; i++) spins[i]! ^= 1;
}
