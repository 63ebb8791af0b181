import { takeRows } from "../array.ts";
import type { Dataset } from "../data/dataset.ts";
import { usageError } from "../error.ts";
import type { FittedImplicit } from "../models/fitted/implicit.ts";
import { permutation } from "../random/permutation.ts";
import { keyOf, type SeedOrKey } from "../random/seed.ts";
import type { Estimate } from "../stats/index.ts";
import { energyDistance } from "./energy-distance.ts";
import { distance, type Points, pointEncoder } from "./points.ts";
import { alternating, halved, paired, parentGroups, rowGroups, singleRows, together } from "./row-groups.ts";
import { defaultPart, floats, type Part, partRows } from "./rows.ts";

/** Comparison of a model's samples with a dataset, the only score of a model without densities. */
export interface ImplicitScore {
  /** The kind of model that was scored; discriminates the union of scores. */
  readonly kind: "implicit";
  /** Energy distances: from the model's samples to the rows, and from one half of the rows to the other. */
  readonly distance: { readonly model: Estimate; readonly real: Estimate };
  /** Number of samples drawn. */
  readonly samples: number;
  /** Number of rows they were compared with, equal to the number of samples. */
  readonly count: number;
  /** Number of rows of the part that these were taken from. */
  readonly available: number;
}

/** See {@link scoreImplicit}. */
export interface ImplicitScoreOptions extends SeedOrKey {
  /** The rows to score (default: the test split if there is one, else all rows). */
  readonly part?: Part | undefined;
  /**
   * Samples to draw at most, and rows to take (default 5000; fewer for rows of more than 32 numbers, so that it takes
   * seconds: the time grows with the square of the rows).
   */
  readonly samples?: number | undefined;
  /** Is called with the work done so far and all of it, in rows of the three stages: drawing, and two distances. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Stops the work, which then throws AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
}

/** Fewer rows make no distance of real rows to real rows. */
const LEAST = 4;
/** Samples by default, and the numbers to compare that bound them: some seconds of work. */
const SAMPLES = 5000;
const WORK = 2e9;
/** Number of probe points; distances to them show how the rows of a chain depend on each other. */
const PROBES = 8;

/**
 * Returns the energy distance from samples of a model to equally many rows of a dataset, chosen at random,
 * and for comparison the distance from one half of those rows to the other, which is 0 except for chance:
 * samples of a perfect model come as near. See `pointEncoder` for the distance between rows, in units of the
 * whole dataset, and `energyDistance` for the errors.
 *
 * Rows of one parent are a group, rows of Markov chains are grouped by `rowGroups`; errors are NaN if that
 * finds no independent groups. A model with a context draws one sample in the context of each row; the sample
 * and its row are not compared. The distance is of x alone: a model that ignores its context may come as near
 * as one that does not.
 *
 * Throws AnsatzError: usage for fewer than four rows, interrupted once `signal` is aborted.
 */
export async function scoreImplicit(
  fitted: FittedImplicit,
  dataset: Dataset,
  { part, samples, onProgress, signal, ...from }: ImplicitScoreOptions = {},
): Promise<ImplicitScore> {
  const { x, context, chain, parent, spacing } = partRows(dataset, part ?? defaultPart(dataset));
  const available = x.shape[0] as number;
  if (available < LEAST)
    throw usageError(`${dataset.name}: ${available} rows are too few to compare; give ${LEAST} or more`);
  const key = keyOf(from);
  const encode = pointEncoder(dataset.space, dataset.x);
  const most = samples ?? affordable(encode(takeRows(x, Uint32Array.of(0))).width);
  const order = permutation(key.fold(0), available).subarray(0, most);
  // Rows of chains stay in the order of time.
  if (chain) order.sort();
  const n = order.length;
  const stage = (first: number) => (done: number, total: number) =>
    onProgress?.(n * first + Math.floor((n * done) / total), 3 * n);
  const drawn = await fitted.sample(n, {
    ...{ key: key.fold(1), signal, onProgress: stage(0) },
    ...(context && { context: floats(takeRows(context, order)) }),
  });
  const [model, real] = [encode(drawn.x), encode(takeRows(x, order))];
  const chosen = (of: Int32Array | undefined) => of && Int32Array.from(order, (row) => of[row] as number);
  const own = chosen(parent);
  const groups = own ? parentGroups(own) : rowGroups(n, chosen(chain), spacing, chain && probed(real, model));
  const across = context ? paired(groups) : together(singleRows(n), groups);
  // Two halves of a block of a chain hardly depend on each other; two crops of one map do.
  const within = own ? alternating(groups) : halved(groups);
  return {
    kind: "implicit",
    distance: {
      model: await energyDistance(model, real, { groups: across, signal, onProgress: stage(1) }),
      real: await energyDistance(real, real, { groups: within, signal, onProgress: stage(2) }),
    },
    ...{ samples: n, count: n, available },
  };
}

/** Rows of `width` numbers that can be compared in some seconds: 2n² distances across, and a quarter of that in the halves. */
function affordable(width: number): number {
  return Math.max(LEAST, Math.min(SAMPLES, Math.floor(Math.sqrt(WORK / (2.5 * width)))));
}

/** For each of some points spread over `at`, its distance from every one of `points`. */
function probed(points: Points, at: Points): Float64Array[] {
  return Array.from({ length: Math.min(PROBES, at.count) }, (_, probe) =>
    Float64Array.from({ length: points.count }, (_, i) =>
      distance(points, i, at, Math.floor((probe * at.count) / PROBES)),
    ),
  );
}
