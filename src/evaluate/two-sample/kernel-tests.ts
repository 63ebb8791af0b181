import { concatArrays } from "../../array.ts";
import type { Key } from "../../random/key.ts";
import type { Points } from "../points.ts";
import { together as joinGroups } from "../row-groups.ts";
import { uStatistic } from "../u-statistic.ts";
import { type PairSums, pairDistances, pairMeans, pairSums } from "./pair-sums.ts";
import { type PermutationTest, permutationTest } from "./permutations.ts";
import type { TestGroups } from "./test-groups.ts";

/** A distance of two sets of points with its error, and its permutation test. */
export interface KernelTest extends PermutationTest {
  /** Standard error of the value as a U-statistic of groups; see `energyDistance`. */
  readonly error: number;
}

/** See {@link kernelTests}. */
export interface KernelTests {
  /** 2E|X − Y| − E|X − X′| − E|Y − Y′|. */
  readonly energyDistance: KernelTest;
  /** The unbiased squared maximum mean discrepancy of a Gaussian kernel. */
  readonly mmd: KernelTest;
  /** The width of the kernel: the median distance of two rows of both sets. */
  readonly bandwidth: number;
}

/** See {@link kernelTests}. */
export interface KernelTestOptions {
  /** The random key of the permutations. */
  readonly key: Key;
  /** Permutations of the groups (default 399). */
  readonly permutations?: number | undefined;
  /** Stops the work, which then throws AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Returns the energy distance and unbiased MMD² with the kernel exp(−d²/2h²), h the median distance, of
 * points `x` and `y` made by one encoder. Pairs within a group are omitted, and p-values permute groups.
 * Computes (n + m)²/2 distances.
 *
 * Source: Székely & Rizzo, J. Stat. Plan. Inference 143 (2013) 1249; Gretton et al., JMLR 13 (2012) 723, eq.
 * 3.
 */
export async function kernelTests(
  x: Points,
  y: Points,
  groups: TestGroups,
  { key, permutations, signal }: KernelTestOptions,
): Promise<KernelTests> {
  const all = { ...x, count: x.count + y.count, values: together(x.values, y.values) };
  const distances = pairDistances(all);
  const bandwidth = medianDistance(distances, all.count);
  const joint = [...groups.x, ...groups.y.map((rows) => rows.map((row) => row + x.count))];
  const test = async (of: (d: number) => number, sign: number, k: Key): Promise<KernelTest> => {
    const sums = pairSums(distances, all.count, joint, of);
    const means = pairMeans(sums);
    const tested = permutationTest(
      (labels) => {
        const { xx, yy, xy } = means(labels);
        return sign * (2 * xy - xx - yy);
      },
      groups.x.length,
      joint.length,
      k,
      permutations,
    );
    return { ...tested, error: await errorOf(sums, sign, groups, signal) };
  };
  return {
    energyDistance: await test((d) => d, 1, key.fold(0)),
    mmd: await test((d) => Math.exp(-(d * d) / (2 * bandwidth * bandwidth)), -1, key.fold(1)),
    bandwidth,
  };
}

/**
 * The error of the distance as a U-statistic of joint groups; their number is that of the groups of the
 * smaller side.
 */
async function errorOf(
  { sums, sizes, count }: PairSums,
  sign: number,
  groups: TestGroups,
  signal: AbortSignal | undefined,
): Promise<number> {
  const first = groups.x.length;
  const own = (from: number, n: number) => ({
    members: Array.from({ length: n }, (_, g) => Uint32Array.of(from + g)),
    independent: true,
  });
  const { members } = joinGroups(own(0, first), own(first, count - first));
  const mean = (a: Uint32Array, b: Uint32Array) => {
    let [sum, pairs] = [0, 0];
    for (const g of a)
      for (const other of b) {
        sum += sums[g * count + other]!;
        pairs += sizes[g]! * sizes[other]!;
      }
    return sum / pairs;
  };
  const { error } = await uStatistic(
    members,
    (a, b) => sign * (mean(a.x, b.y) + mean(b.x, a.y) - mean(a.x, b.x) - mean(a.y, b.y)),
    { work: (a, b) => (a.x.length + a.y.length) * (b.x.length + b.y.length), signal },
  );
  return error;
}

function together(a: Points["values"], b: Points["values"]): Points["values"] {
  if (a instanceof Float64Array && b instanceof Float64Array) return concatArrays(Float64Array, [a, b]);
  return Int32Array.from({ length: a.length + b.length }, (_, i) =>
    i < a.length ? (a[i] as number) : (b[i - a.length] as number),
  );
}

/** The median over pairs of different points, of at most a million of them; 1 if most points are equal. */
function medianDistance(distances: Float32Array, count: number): number {
  const every = Math.max(1, Math.floor(count / 1000));
  const found: number[] = [];
  for (let i = 0; i < count; i += every)
    for (let j = 0; j < i; j += every) found.push(distances[i * count + j]!);
  const sorted = Float32Array.from(found).sort();
  return sorted[sorted.length >> 1] || 1;
}
