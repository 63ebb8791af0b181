import { usageError } from "../error.ts";
import { Key } from "./key.ts";

/** Where random numbers come from: the same seed or key gives the same numbers; seed 0 where neither is given. */
export interface SeedOrKey {
  /** A whole number from 0 to 2⁵³ − 1. */
  readonly seed?: number | undefined;
  /** A key in place of a seed, such as a child of another key; AnsatzError (usage) if both are given. */
  readonly key?: Key | undefined;
}

/** The key of {@link SeedOrKey}; throws AnsatzError (usage) where both are given. */
export function keyOf({ seed, key }: SeedOrKey): Key {
  if (key !== undefined && seed !== undefined)
    throw usageError("a seed and a key say the same; give one of them");
  return key ?? Key.fromSeed(seed ?? 0);
}
