import { type NDArray, sizeOf } from "../../array.ts";
import { Key } from "../../random/key.ts";
import { normal } from "../../random/normal.ts";
import { type Space, siteShape, stateCount } from "../space.ts";
import { numbers } from "../values.ts";

/** Random directions that rows are projected on. */
const directions = 3;

/** A number for the value of a site. */
type Feature = (value: number) => number;

/**
 * Returns numbers of each row, in the order of rows, that a slow chain changes slowly: the mean over sites
 * and its distance from the mean of all rows, the sum of products of neighbours as in an energy, and
 * projections on fixed random directions.
 *
 * @param x `[rows, ...sites]` as datasets store them.
 */
export function rowSeries(x: NDArray, space: Space): Float64Array[] {
  const rows = x.shape[0] as number;
  const sites = sizeOf(x.shape.slice(1));
  const values = numbers(x);
  const pairs = neighbours(siteShape(space));
  return featuresOf(space).flatMap((feature, f) => {
    const centres = columnMeans(values, rows, sites, feature);
    const weights = Array.from({ length: directions }, (_, d) =>
      normal(Key.fromSeed(7).fold(f).fold(d), sites, "f64"),
    );
    const total = new Float64Array(rows);
    const products = new Float64Array(rows);
    const projected = weights.map(() => new Float64Array(rows));
    const row = new Float64Array(sites);
    for (let r = 0; r < rows; r++) {
      let sum = 0;
      for (let i = 0; i < sites; i++) {
        const v = feature(values[r * sites + i] as number) - (centres[i] as number);
        row[i] = v;
        sum += v;
      }
      total[r] = sum;
      let product = 0;
      for (let p = 0; p < pairs.length; p += 2)
        product += (row[pairs[p] as number] as number) * (row[pairs[p + 1] as number] as number);
      products[r] = product;
      weights.forEach((weight, d) => {
        let along = 0;
        for (let i = 0; i < sites; i++) along += (weight[i] as number) * (row[i] as number);
        (projected[d] as Float64Array)[r] = along;
      });
    }
    return [total, total.map(Math.abs), products, ...projected];
  });
}

/**
 * Numbers for the values of a site: angles give two, states also a random sign, since their order means
 * little.
 */
function featuresOf(space: Space): Feature[] {
  if (space.kind === "circle") return [Math.cos, Math.sin];
  const states = stateCount(space);
  if (states === undefined || states === 2) return [(value) => value];
  const signs = normal(Key.fromSeed(11), states, "f64").map(Math.sign);
  return [(value) => value, (value) => signs[value] as number];
}

function columnMeans(values: ArrayLike<number>, rows: number, sites: number, feature: Feature): Float64Array {
  const sums = new Float64Array(sites);
  for (let r = 0; r < rows; r++)
    for (let i = 0; i < sites; i++) sums[i] = (sums[i] as number) + feature(values[r * sites + i] as number);
  return sums.map((sum) => sum / rows);
}

/** Pairs of sites next to each other along an axis of an open lattice, one after the other. */
function neighbours(shape: readonly number[]): Uint32Array {
  const pairs: number[] = [];
  const sites = sizeOf(shape);
  let stride = 1;
  for (const side of [...shape].reverse()) {
    for (let i = 0; i < sites; i++) if (Math.floor(i / stride) % side < side - 1) pairs.push(i, i + stride);
    stride *= side;
  }
  return Uint32Array.from(pairs);
}
