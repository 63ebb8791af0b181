import type { NDArray } from "../array.ts";
import { numbers } from "../data/values.ts";
import { type Estimate, mean, variance } from "../stats/index.ts";

/** Rows in each block: the distance of one block costs the square of them. */
const BLOCK = 250;

/**
 * The energy distance 2E|X − Y| − E|X − X'| − E|Y − Y'| of two sets of rows (Székely & Rizzo, J. Stat. Plan. Inference 143
 * (2013) 1249), with Euclidean distances of the stored values: 0 for equal distributions, above 0 for others. Rows are cut
 * into disjoint blocks. The value is the mean of the blocks' unbiased statistics, and the error is the standard error of
 * that mean; it is NaN for less than two blocks.
 */
export function energyDistance(x: NDArray, y: NDArray): Estimate {
  const rows = Math.min(x.shape[0] as number, y.shape[0] as number);
  const count = Math.max(1, Math.floor(rows / BLOCK));
  const size = Math.floor(rows / count);
  const [a, b] = [rowsOf(x), rowsOf(y)];
  const blocks = Float64Array.from({ length: count }, (_, block) => {
    const cut = (all: readonly Float64Array[]) => all.slice(block * size, (block + 1) * size);
    return unbiased(cut(a), cut(b));
  });
  return { value: mean(blocks), error: count > 1 ? Math.sqrt(variance(blocks) / count) : Number.NaN };
}

function rowsOf(x: NDArray): Float64Array[] {
  const values = numbers(x);
  const rows = x.shape[0] as number;
  const width = values.length / rows;
  return Array.from({ length: rows }, (_, row) =>
    Float64Array.from({ length: width }, (_, i) => Number(values[row * width + i])),
  );
}

/** The statistic of independent rows without the pairs of a row with itself. */
function unbiased(x: readonly Float64Array[], y: readonly Float64Array[]): number {
  return 2 * between(x, y) - within(x) - within(y);
}

const distance = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - (b[i] as number)) ** 2;
  return Math.sqrt(sum);
};

function between(x: readonly Float64Array[], y: readonly Float64Array[]): number {
  let sum = 0;
  for (const a of x) for (const b of y) sum += distance(a, b);
  return sum / (x.length * y.length);
}

function within(x: readonly Float64Array[]): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++)
    for (let j = 0; j < i; j++) sum += distance(x[i] as Float64Array, x[j] as Float64Array);
  return (2 * sum) / (x.length * (x.length - 1));
}
