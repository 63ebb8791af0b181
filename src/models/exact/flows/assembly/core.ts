import { Key } from "../../../../random/key.ts";
import { permutation } from "../../../../random/permutation.ts";
import type { Bijection } from "../bijection.ts";
import { coupling } from "../bijections/coupling.ts";
import { permute } from "../bijections/permutation.ts";
import type { MakeConditioner } from "../conditioner.ts";
import { halves } from "../partitions/first-axis.ts";
import type { Transform } from "../transform.ts";

/** Common options of a chain of couplings. */
export interface CoreOptions {
  readonly couplings: number;
  readonly permutationSeed: number;
  readonly transform: Transform;
  readonly conditioner: MakeConditioner;
}

/**
 * Returns couplings of `n` variables that keep the first half and the last half in turn, with a random
 * permutation after every second one, so that all variables eventually move all others (two variables need
 * none).
 */
export function coupledCore(
  n: number,
  { couplings, permutationSeed, transform, conditioner }: CoreOptions,
): Bijection[] {
  const key = Key.fromSeed(permutationSeed);
  return Array.from({ length: couplings }, (_, i) => {
    const partition = halves([n], i % 2 === 0 ? "first" : "last");
    const one = coupling({ partition, transform, conditioner });
    const last = i === couplings - 1;
    return i % 2 === 1 && !last && n > 2 ? [one, permute(permutation(key.fold(i), n)) as Bijection] : [one];
  }).flat();
}
