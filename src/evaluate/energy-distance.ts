import { usageError } from "../error.ts";
import type { Estimate } from "../stats/index.ts";
import { distance, type Points } from "./points.ts";
import { type JointGroups, singleRows, together } from "./row-groups.ts";
import { uStatistic } from "./u-statistic.ts";

/** See {@link energyDistance}. */
export interface EnergyDistanceOptions {
  /** Which rows of both sets may depend on each other (default: all rows are independent). */
  readonly groups?: JointGroups | undefined;
  /** Pairs of groups done, and all of them. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Stops the work, which then throws AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Returns the energy distance 2E|X − Y| − E|X − X'| − E|Y − Y'| of two sets of points: 0 for equal
 * distributions, above 0 for others. Computes 2n² distances and stores n numbers.
 *
 * It is the U-statistic over groups g of rows (by default one row of each set, several of the larger set):
 * the mean over pairs of different groups of
 *
 * h(g, g') = d(X_g, Y_g') + d(X_g', Y_g) − d(X_g, X_g') − d(Y_g, Y_g'),
 *
 * where d is the mean distance between rows of one and rows of the other. Pairs within a group are omitted,
 * so that the value is unbiased (it may be below 0) although rows of a group depend on each other: a row and
 * itself, rows of one Markov chain, a sample and the row that gave its context. All groups have the same
 * weight.
 *
 * The error is that of {@link uStatistic}. Between equal distributions the value is skewed to the right, and
 * if few directions contribute the error is too large rather than too small. In one dimension, at a distance
 * of two to five errors, two errors cover 80 to 90 % instead of 95 %. The error is NaN for fewer than four
 * groups, and for groups that are not known to be independent.
 *
 * Throws AnsatzError: usage for points of different spaces, interrupted once `signal` is aborted.
 *
 * Sources: Székely & Rizzo, J. Stat. Plan. Inference 143 (2013) 1249; Ann. Stat. 42 (2014) 2382, eq. 2.4 and
 * prop. 1; Hoeffding, Ann. Math. Stat. 19 (1948) 293, eq. 5.13.
 */
export async function energyDistance(
  x: Points,
  y: Points,
  {
    groups = together(singleRows(x.count), singleRows(y.count)),
    onProgress,
    signal,
  }: EnergyDistanceOptions = {},
): Promise<Estimate> {
  if (x.width !== y.width || x.metric !== y.metric)
    throw usageError("points of two spaces have no distance; make both by one encoder");
  const { members, independent } = groups;
  const h = (own: Member, far: Member) =>
    meanDistance(x, own.x, y, far.y) +
    meanDistance(x, far.x, y, own.y) -
    meanDistance(x, own.x, x, far.x) -
    meanDistance(y, own.y, y, far.y);
  const { value, error } = await uStatistic(members, h, {
    work: (own, far) => (own.x.length + own.y.length) * (far.x.length + far.y.length) * x.width,
    ...{ onProgress, signal },
  });
  return { value, error: independent ? error : Number.NaN };
}

type Member = JointGroups["members"][number];

/** The mean distance between rows `i` of `a` and rows `j` of `b`. */
function meanDistance(a: Points, i: Uint32Array, b: Points, j: Uint32Array): number {
  let sum = 0;
  for (let m = 0; m < i.length; m++)
    for (let n = 0; n < j.length; n++) sum += distance(a, i[m] as number, b, j[n] as number);
  return sum / (i.length * j.length);
}
