import type { Key } from "../../../random/key.ts";
import { permutation } from "../../../random/permutation.ts";

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

/**
 * The order and hidden degrees of one ensemble member. Degrees are spread evenly, so that no position lacks units;
 * members beyond the first (a key is given) shuffle which unit has which degree, as their weights are shared.
 */
export function makeOrdering(sites: Uint32Array, hidden: readonly number[], key?: Key): Ordering {
  const n = sites.length;
  const positions = new Uint32Array(n);
  sites.forEach((site, position) => {
    positions[site] = position;
  });
  const degrees = hidden.map((units, layer) => {
    const even = Uint32Array.from({ length: units }, (_, k) => Math.floor((k * (n - 1)) / units));
    return key === undefined ? even : permutation(key.fold(layer), units).map((k) => even[k] as number);
  });
  return { sites, positions, degrees };
}

/** `[inputs, outputs]` row-major, 1 where `connects(degree of input, degree of output)`. */
function mask(
  from: Uint32Array,
  to: Uint32Array,
  connects: (input: number, output: number) => boolean,
  [repeatFrom, repeatTo]: readonly [number, number] = [1, 1],
): Float32Array {
  const columns = to.length * repeatTo;
  const out = new Float32Array(from.length * repeatFrom * columns);
  for (let i = 0; i < from.length * repeatFrom; i++) {
    const a = from[Math.floor(i / repeatFrom)] as number;
    for (let j = 0; j < columns; j++)
      out[i * columns + j] = connects(a, to[Math.floor(j / repeatTo)] as number) ? 1 : 0;
  }
  return out;
}

const before = (a: number, b: number) => a < b;
const upTo = (a: number, b: number) => a <= b;

/**
 * Masks of every weight by its path: `layers.i.weight`, `output.weight`, `direct.weight`. `states` is the number of
 * one-hot inputs and of logits a site has (1 for binary sites).
 */
export function masksOf(ordering: Ordering, states: number): Record<string, Float32Array> {
  const { positions, degrees } = ordering;
  const masks: Record<string, Float32Array> = {};
  let from = positions;
  degrees.forEach((degree, i) => {
    masks[`layers.${i}.weight`] = mask(from, degree, upTo, [i === 0 ? states : 1, 1]);
    from = degree;
  });
  masks["output.weight"] = mask(from, positions, before, [1, states]);
  masks["direct.weight"] = mask(positions, positions, before, [states, states]);
  return masks;
}
