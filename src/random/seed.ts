import { usageError } from "../error.ts";
import { Key } from "./key.ts";

/** Source of random numbers: the same seed or key gives the same numbers (default: seed 0). */
export interface SeedOrKey {
  /** A whole number from 0 to 2⁵³ − 1. */
  readonly seed?: number | undefined;
  /** A key in place of a seed, such as a child of another key; AnsatzError (usage) if both are given. */
  readonly key?: Key | undefined;
}

/** Returns the key of {@link SeedOrKey}; throws AnsatzError (usage) if both are given. */
export function keyOf({ seed, key }: SeedOrKey): Key {
  if (key !== undefined && seed !== undefined)
    throw usageError("a seed and a key say the same; give one of them");
  return key ?? Key.fromSeed(seed ?? 0);
}
