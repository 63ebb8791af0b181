import type { NDArray } from "../array.ts";
import { type AnyFitted, byKind } from "../models/fitted/fitted.ts";
import type { Key } from "../random/key.ts";

/** Samples of a model, with their log-weights and diagnostics, depending on its kind. */
export interface DrawnRows {
  /** The samples, `[n, ...sites]`, as datasets store them. */
  readonly x: NDArray;
  /** The Markov chain of each sample; absent for independent samples. */
  readonly chain?: Int32Array | undefined;
  /** log P of each sample up to a constant, nats; absent for kinds of models without it. */
  readonly logWeight?: Float64Array | undefined;
}

/** See {@link drawRows}. */
export interface DrawRowsOptions {
  readonly key: Key;
  /** The context of each sample, for a conditional model. */
  readonly context?: NDArray<"f32"> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Draws `n` samples of a fitted model of any kind. */
export function drawRows(fitted: AnyFitted, n: number, options: DrawRowsOptions): Promise<DrawnRows> {
  const { context, signal, ...rest } = options;
  const shared = { ...rest, ...(signal && { signal }) };
  const independent = { ...shared, ...(context && { context }) };
  return byKind<Promise<DrawnRows>>(fitted, {
    exact: async (own) => ({ x: (await own.sample(n, independent)).x }),
    bounded: (own) => own.sample(n, independent),
    implicit: (own) => own.sample(n, independent),
    async energy(own) {
      const { x, chain, logWeight } = await own.sample(n, shared);
      return { x, chain, logWeight };
    },
  });
}
