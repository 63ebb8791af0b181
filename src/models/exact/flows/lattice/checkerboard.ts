import { sizeOf } from "../../../../array.ts";
import { usageError } from "../../../../error.ts";
import { coordinates } from "../../../../nn/site-convolution.ts";

/**
 * Sites of a periodic lattice by the parity of the sum of their coordinates: neighbours have opposite parity.
 */
export interface Checkerboard {
  readonly shape: readonly number[];
  readonly even: readonly number[];
  readonly odd: readonly number[];
  /** Even sites, then odd ones. */
  readonly order: Uint32Array;
}

/**
 * The checkerboard of a lattice. Throws AnsatzError (usage), naming the family, for an odd side: around it two neighbours
 * would be of one kind.
 */
export function checkerboardOf(family: string, shape: readonly number[]): Checkerboard {
  const odd = shape.find((side) => side % 2 === 1);
  if (odd !== undefined)
    throw usageError(
      `${family} divides a lattice like a checkerboard: its sides must be even, not ${odd} (${shape.join("x")})`,
    );
  const sites = Array.from({ length: sizeOf(shape) }, (_, site) => site);
  const kind = (site: number) => coordinates(shape, site).reduce((a, b) => a + b, 0) % 2;
  const parts = [0, 1].map((k) => sites.filter((site) => kind(site) === k)) as [number[], number[]];
  return { shape, even: parts[0], odd: parts[1], order: Uint32Array.from(parts.flat()) };
}
