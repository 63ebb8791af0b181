import { type Dataset, takeRows } from "../data/dataset.ts";
import { usageError } from "../error.ts";
import { keyOf, type SeedOrKey } from "../models/fitted/handle.ts";
import type { FittedImplicit } from "../models/fitted/implicit.ts";
import { permutation } from "../random/permutation.ts";
import type { Estimate } from "../stats/index.ts";
import { energyDistance } from "./energy-distance.ts";
import { defaultPart, floats, type Part, partRows } from "./rows.ts";

/** What samples of a model say beside a dataset; nothing else may be asked of it. */
export interface ImplicitScore {
  readonly kind: "implicit";
  /** Energy distances: of the model's samples to rows of the data, and of rows of the data to other rows of it. */
  readonly distance: { readonly model: Estimate; readonly real: Estimate };
  /** Samples drawn. */
  readonly samples: number;
  /** Number of rows. */
  readonly count: number;
}

/** See {@link scoreImplicit}. */
export interface ImplicitScoreOptions extends SeedOrKey {
  /** The test split where the dataset has one, else all rows, where left out. */
  readonly part?: Part | undefined;
  /** Samples to draw at most, and rows to take (default 5000). */
  readonly samples?: number | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Fewer rows make no distance of real rows to real rows. */
const LEAST = 4;

/**
 * Gives the energy distance from samples of a model to rows of a dataset. Beside it stands the distance from one half of those
 * rows to the other: samples of a perfect model come as near. See `energyDistance` for the errors; rows of one Markov chain
 * are taken as independent. Throws AnsatzError (usage) for fewer than four rows.
 */
export async function scoreImplicit(
  fitted: FittedImplicit,
  dataset: Dataset,
  { part, samples = 5000, onProgress, signal, ...from }: ImplicitScoreOptions = {},
): Promise<ImplicitScore> {
  const { x, context } = partRows(dataset, part ?? defaultPart(dataset));
  const count = x.shape[0] as number;
  if (count < LEAST)
    throw usageError(`${dataset.name}: ${count} rows are too few to compare; give ${LEAST} or more`);
  const key = keyOf(from);
  const order = permutation(key.fold(0), count).subarray(0, samples);
  const real = takeRows(x, order);
  const drawn = await fitted.sample(order.length, {
    key: key.fold(1),
    ...(context && { context: floats(takeRows(context, order)) }),
    ...{ onProgress, signal },
  });
  const half = order.length >> 1;
  return {
    kind: "implicit",
    distance: {
      model: energyDistance(drawn.x, real),
      real: energyDistance(takeRows(x, order.subarray(0, half)), takeRows(x, order.subarray(half, 2 * half))),
    },
    samples: order.length,
    count,
  };
}
