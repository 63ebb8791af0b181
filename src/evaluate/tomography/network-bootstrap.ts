import type { Dataset } from "../../data/dataset.ts";
import { numbers } from "../../data/values.ts";
import { stopIfAborted, usageError } from "../../error.ts";
import { refitState } from "../../models/exact/wave/refit.ts";
import type { FittedExact } from "../../models/fitted/exact.ts";
import type { Key } from "../../random/key.ts";
import { type BootstrappedValue, summary } from "./bootstrap.ts";
import type { FittedState } from "./state-vector.ts";

/** See {@link networkBootstrap}. */
export interface NetworkBootstrapOptions {
  /** Number of data sets that are drawn and refitted (default 20). */
  readonly replicas?: number | undefined;
  /** Source of the replicas' shots. */
  readonly key: Key;
  /** Stops it between two refits with AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
  /** Data sets refitted so far, and all of them. */
  readonly onProgress?: ((done: number, replicas: number) => void) | undefined;
}

/** Spread below which refits agree within single precision. */
const resolved = 1e-7;

/**
 * The error from finite shots of a number of a fitted network state, such as its fidelity, by the parametric bootstrap: data sets of
 * the same settings and splits are drawn from the fitted state and refitted by the same course, one start each from the fitted
 * parameters. The spread over refits is the standard error; the mean over refits less the number of the fitted state is the bias,
 * which is taken off. It knows nothing of states that the network cannot represent. Throws AnsatzError (usage) for fewer than 2
 * replicas, and (interrupted) once `signal` is aborted.
 *
 * Source: Efron & Tibshirani, "An Introduction to the Bootstrap" (1993), sections 6.5 and 10.6.
 */
export async function networkBootstrap(
  fitted: FittedExact,
  dataset: Dataset,
  number: (state: FittedState) => Promise<number>,
  { replicas = 20, key, signal, onProgress }: NetworkBootstrapOptions,
): Promise<BootstrappedValue> {
  if (!(Number.isInteger(replicas) && replicas >= 2))
    throw usageError(`the bootstrap takes 2 replicas or more, not ${replicas}`);
  const { model, parameters } = fitted;
  const { context } = dataset;
  const contexts = context && {
    ...{ dtype: "f32" as const, shape: context.shape },
    data: Float32Array.from(numbers(context)),
  };
  const rows = dataset.x.shape[0] as number;
  const found = new Float64Array(replicas);
  for (let k = 0; k < replicas; k++) {
    stopIfAborted(signal, "the bootstrap was interrupted");
    const own = key.fold(k);
    const { x } = await fitted.sample(rows, { key: own.fold(0), ...(contexts && { context: contexts }) });
    const refit = await refitState(model, parameters, { ...dataset, x }, own.fold(1));
    found[k] = await number({ model, parameters: refit });
    onProgress?.(k + 1, replicas);
  }
  return summary(await number({ model, parameters }), found, resolved);
}
