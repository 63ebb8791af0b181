import { type NDArray, sizeOf } from "../../array.ts";
import { Key } from "../../random/key.ts";
import { stream } from "../../random/stream.ts";
import { type Space, stateCount } from "../space.ts";
import { numbers } from "../values.ts";

/** Pairs of rows that are looked at, of either kind. */
const pairs = 2000;

/**
 * The fraction of rows that are at least as far from the one `chains` rows before as two rows anywhere typically are.
 * About ½ for independent rows, near 0 for a chain that takes small steps, the inverse size of groups of like rows. Equal
 * rows, as rejected proposals leave them, do not count.
 */
export function jumps(x: NDArray, space: Space, chains: number): number {
  const rows = x.shape[0] as number;
  const distance = distanceOf(x, space);
  const random = stream(Key.fromSeed(13));
  const any = Array.from({ length: pairs }, () => distance(random.below(rows), random.below(rows)));
  const typical = any.sort((a, b) => a - b)[pairs >> 1] as number;
  let [moved, far] = [0, 0];
  for (let p = 0; p < pairs; p++) {
    const row = random.below(rows - chains);
    const step = distance(row, row + chains);
    if (step === 0) continue;
    moved++;
    if (step >= typical) far++;
  }
  return moved === 0 ? 0 : far / moved;
}

/** The distance of two rows: squared, in units of each column's spread; on circles of chords; of labels, how many differ. */
function distanceOf(x: NDArray, space: Space): (a: number, b: number) => number {
  const values = numbers(x);
  const sites = sizeOf(x.shape.slice(1));
  const states = stateCount(space);
  const isLabels = states !== undefined && states > 2;
  const weights = space.kind === "real" ? inverseVariances(values, sites) : undefined;
  const apart = (one: number, other: number, site: number): number => {
    if (isLabels) return one === other ? 0 : 1;
    if (space.kind === "circle") return 1 - Math.cos(one - other);
    return (weights?.[site] ?? 1) * (one - other) ** 2;
  };
  return (a, b) => {
    let sum = 0;
    for (let i = 0; i < sites; i++)
      sum += apart(values[a * sites + i] as number, values[b * sites + i] as number, i);
    return sum;
  };
}

/** 1 over the variance of each column, 0 for one that never changes. */
function inverseVariances(values: ArrayLike<number>, sites: number): Float64Array {
  const rows = values.length / sites;
  const [sums, squares] = [new Float64Array(sites), new Float64Array(sites)];
  for (let r = 0; r < rows; r++)
    for (let i = 0; i < sites; i++) {
      // Less the first row, so that an offset costs no digits.
      const value = (values[r * sites + i] as number) - (values[i] as number);
      sums[i] = (sums[i] as number) + value;
      squares[i] = (squares[i] as number) + value * value;
    }
  return squares.map((square, i) => {
    const variance = square / rows - ((sums[i] as number) / rows) ** 2;
    return variance > 0 ? 1 / variance : 0;
  });
}
