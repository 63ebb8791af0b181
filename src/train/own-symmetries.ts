import { sizeOf } from "../array.ts";
import type { Dataset } from "../data/dataset.ts";
import { type Space, siteShape, stateCount } from "../data/space.ts";
import { elementOf, type SymmetryName, symmetryGroup } from "../data/symmetry.ts";
import { integers } from "../random/integers.ts";
import { Key } from "../random/key.ts";
import { normal } from "../random/normal.ts";
import { independentMean } from "../stats/index.ts";

/** Number of blocks of neighbouring rows that are compared, since rows of chains depend on each other. */
const BLOCKS = 32;
/** Sites of rows that are looked at, at most. */
const MOST_SITES = 2e7;
/** Elements of a group that rows are compared with their images under, and random sums compared for each. */
const ELEMENTS = 3;
const SUMS = 3;
/** Number of standard errors by which a mean may differ from the mean of the images. */
const SIGMAS = 4;

/** The symmetries of the system that rows were drawn from. */
export interface OwnSymmetries {
  /** Those that the rows agree with. */
  readonly used: readonly SymmetryName[];
  /**
   * The symmetries that the rows do not agree with, as for rows of one magnetised sector, or of a system with
   * an unrecorded field.
   */
  readonly unlike: readonly SymmetryName[];
}

/**
 * Returns the symmetries of a dataset's system, split by whether the training rows agree with them: random
 * sums of values and of products of neighbours have the same means as on the rows' images, to 4 errors taken
 * over 32 blocks of rows. There are none if there are too few rows to decide.
 */
export function ownSymmetries(dataset: Dataset): OwnSymmetries {
  const { symmetries = [] } = dataset;
  const rows = Uint32Array.from(dataset.splits.train).sort();
  if (rows.length < 2 * BLOCKS) return { used: [], unlike: [] };
  const agrees = symmetries.map((name, i) => agreesWith(dataset, rows, name, Key.fromSeed(0).fold(i)));
  return {
    used: symmetries.filter((_, i) => agrees[i]),
    unlike: symmetries.filter((_, i) => !agrees[i]),
  };
}

function agreesWith({ x, space }: Dataset, rows: Uint32Array, name: SymmetryName, key: Key): boolean {
  const group = symmetryGroup(space, [name]);
  if (group.order < 2) return true;
  const n = sizeOf(siteShape(space));
  const each = Math.max(1, Math.floor(Math.min(rows.length, MOST_SITES / n) / BLOCKS));
  const read = reader(space, key.fold(0));
  const elements = integers(key.fold(1), ELEMENTS, 1, group.order);
  const weights = normal(key.fold(2), 2 * SUMS * n, "f64");
  const [own, image] = [new Float64Array(n), new Float64Array(n)];
  const [single, pair] = [new Float64Array(n), new Float64Array(n)];
  return Array.from(elements).every((e) => {
    const { permutation, flips } = elementOf(group, e);
    const means = Array.from({ length: 2 * SUMS }, () => new Float64Array(BLOCKS));
    for (let block = 0; block < BLOCKS; block++) {
      const first = Math.floor((block * rows.length) / BLOCKS);
      for (let r = first; r < first + each; r++) {
        const from = (rows[r] as number) * n;
        for (let i = 0; i < n; i++) own[i] = read(x.data[from + i] as number);
        for (let i = 0; i < n; i++)
          image[i] = flips
            ? read(flipped(space, x.data[from + (permutation[i] as number)] as number))
            : (own[permutation[i] as number] as number);
        compare(own, image, single, pair);
        for (let sum = 0; sum < SUMS; sum++) {
          means[sum]![block]! += dot(weights, sum * n, single) / each;
          means[SUMS + sum]![block]! += dot(weights, (SUMS + sum) * n, pair) / each;
        }
      }
    }
    return means.every((blocks) => {
      const { value, error } = independentMean(blocks);
      return Math.abs(value) <= SIGMAS * error;
    });
  });
}

/** By how much the image of a row differs from it: in each value, and in each product of neighbours in storage order. */
function compare(own: Float64Array, image: Float64Array, single: Float64Array, pair: Float64Array): void {
  const n = own.length;
  for (let i = 0; i < n; i++) {
    const next = i + 1 < n ? i + 1 : 0;
    const v = own[i] as number;
    const u = image[i] as number;
    single[i] = u - v;
    pair[i] = u * (image[next] as number) - v * (own[next] as number);
  }
}

/** The sum of the values, each times its weight; the weights begin at `from`. */
function dot(weights: Float64Array, from: number, values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (weights[from + i] as number) * (values[i] as number);
  return sum;
}

/** A stored value after the flip. */
const flipped = (space: Space, v: number): number => (space.kind === "binary" ? 1 - v : -v);

/**
 * The number in the sums for a stored value: spins for bits, cosines for angles, a random number for each
 * state.
 */
function reader(space: Space, key: Key): (v: number) => number {
  if (space.kind === "binary") return (v) => 2 * v - 1;
  if (space.kind === "circle") return Math.cos;
  if (space.kind === "real") return (v) => v;
  const numbers = normal(key, stateCount(space) ?? 1, "f64");
  return (v) => numbers[v] as number;
}
