import type { Key } from "../../../random/key.ts";
import { inversePermutation, permutation } from "../../../random/permutation.ts";
import { type Block, cut } from "./triangular.ts";

/** One autoregressive order and the connections that respect it. */
export interface Ordering {
  /** Site visited at each position. */
  readonly sites: Uint32Array;
  /** Position of each site. */
  readonly positions: Uint32Array;
  /**
   * Degree of each unit of each hidden layer: a unit of degree m sees the sites at positions 0 … m, and is seen by the
   * outputs of the sites at positions beyond m.
   */
  readonly degrees: readonly Uint32Array[];
}

/** Sites in their natural order. */
export function naturalOrder(sites: number): Uint32Array {
  return Uint32Array.from({ length: sites }, (_, i) => i);
}

/**
 * The order and hidden degrees of one ensemble member. Degrees rise evenly, so that no position lacks units;
 * members beyond the first (a key is given) shuffle which unit has which degree, as their weights are shared.
 */
export function makeOrdering(sites: Uint32Array, hidden: readonly number[], key?: Key): Ordering {
  const n = sites.length;
  const positions = inversePermutation(sites);
  const degrees = hidden.map((units, layer) => {
    const even = Uint32Array.from({ length: units }, (_, k) => Math.floor((k * (n - 1)) / units));
    return key === undefined ? even : permutation(key.fold(layer), units).map((k) => even[k] as number);
  });
  return { sites, positions, degrees };
}

/** The blocks of every masked weight. */
export interface MadeBlocks {
  readonly layers: readonly (readonly Block[])[];
  readonly output: readonly Block[];
  readonly direct: readonly Block[];
}

const before = (a: number, b: number) => a < b;
const upTo = (a: number, b: number) => a <= b;
const repeat = (degrees: Uint32Array, times: number) =>
  Uint32Array.from({ length: degrees.length * times }, (_, i) => degrees[Math.floor(i / times)] as number);

/**
 * The masked weights of a network from sites to sites: `states` one-hot inputs and logits per site (1 for
 * binary sites), each weight in up to `count` blocks. More than one block requires sites in order and rising
 * degrees.
 */
export function blocksOf({ positions, degrees }: Ordering, states: number, count: number): MadeBlocks {
  const sites = repeat(positions, states);
  return {
    layers: degrees.map((to, i) => cut(i === 0 ? sites : (degrees[i - 1] as Uint32Array), to, upTo, count)),
    output: cut(degrees.at(-1) as Uint32Array, sites, before, count),
    direct: cut(sites, sites, before, count),
  };
}

/** The masks of all blocks by the path of the parameter they are for: `layers.0.weight.1`. */
export function masksByPath(
  { layers, output, direct }: MadeBlocks,
  hasDirect: boolean,
): Record<string, Float32Array> {
  const masks: Record<string, Float32Array> = {};
  const put = (path: string, blocks: readonly Block[]) => {
    blocks.forEach((block, i) => {
      masks[`${path}.weight.${i}`] = block.mask;
    });
  };
  layers.forEach((blocks, i) => {
    put(`layers.${i}`, blocks);
  });
  put("output", output);
  if (hasDirect) put("direct", direct);
  return masks;
}
