import { usageError } from "../error.ts";
import { Key } from "./key.ts";

/** Where random numbers come from: the same seed or key gives the same numbers; seed 0 where neither is given. */
export interface SeedOrKey {
  readonly seed?: number | undefined;
  readonly key?: Key | undefined;
}

/** The key of {@link SeedOrKey}; throws AnsatzError (usage) where both are given. */
export function keyOf({ seed, key }: SeedOrKey): Key {
  if (key !== undefined && seed !== undefined)
    throw usageError("a seed and a key say the same; give one of them");
  return key ?? Key.fromSeed(seed ?? 0);
}
