import { concatArrays } from "../../array.ts";
import type { Key } from "../../random/key.ts";
import type { Points } from "../points.ts";
import { pairDistances, pairMeans, pairSums } from "./pair-sums.ts";
import { type PermutationTest, permutationTest } from "./permutations.ts";
import type { TestGroups } from "./test-groups.ts";

/** See {@link kernelTests}. */
export interface KernelTests {
  /** 2E|X − Y| − E|X − X′| − E|Y − Y′|. */
  readonly energyDistance: PermutationTest;
  /** The unbiased squared maximum mean discrepancy of a Gaussian kernel. */
  readonly mmd: PermutationTest;
  /** The width of the kernel: the median distance of two rows of both sets. */
  readonly bandwidth: number;
}

/** See {@link kernelTests}. */
export interface KernelTestOptions {
  /** The random key of the permutations. */
  readonly key: Key;
  /** Permutations of the groups (default 399). */
  readonly permutations?: number | undefined;
}

/**
 * Energy distance and unbiased MMD² with the kernel exp(−d²/2h²), h the median distance, of points `x` and `y` made by one
 * encoder. Pairs within a group are left out, and p-values permute groups. The time is that of (n + m)²/2 distances.
 *
 * Source: Székely & Rizzo, J. Stat. Plan. Inference 143 (2013) 1249; Gretton et al., JMLR 13 (2012) 723, eq. 3.
 */
export function kernelTests(
  x: Points,
  y: Points,
  groups: TestGroups,
  { key, permutations }: KernelTestOptions,
): KernelTests {
  const all = { ...x, count: x.count + y.count, values: together(x.values, y.values) };
  const distances = pairDistances(all);
  const bandwidth = medianDistance(distances, all.count);
  const joint = [...groups.x, ...groups.y.map((rows) => rows.map((row) => row + x.count))];
  const test = (of: (d: number) => number, sign: number, k: Key) => {
    const means = pairMeans(pairSums(distances, all.count, joint, of));
    return permutationTest(
      (labels) => {
        const { xx, yy, xy } = means(labels);
        return sign * (2 * xy - xx - yy);
      },
      groups.x.length,
      joint.length,
      k,
      permutations,
    );
  };
  return {
    energyDistance: test((d) => d, 1, key.fold(0)),
    mmd: test((d) => Math.exp(-(d * d) / (2 * bandwidth * bandwidth)), -1, key.fold(1)),
    bandwidth,
  };
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
