import type { NDArray } from "../array.ts";
import type { Space } from "../data/space.ts";
import { usageError } from "../error.ts";
import { type AnyFitted, byKind } from "../models/fitted/fitted.ts";
import type { Key } from "../random/key.ts";

/** Configurations with the logarithm of their probability, in nats, up to a constant. */
export interface Drawn {
  /** `[n, ...sites]`, as datasets store them. */
  readonly x: NDArray;
  /** log P of each, or where log Z is not known the log-weight log P + log Z: it is part of the formula's constant. */
  readonly logP: Float64Array;
  /** The Markov chain of each configuration (default: independent). */
  readonly chain?: Int32Array;
}

/** A distribution with draws, and with a log-probability that is known up to a constant. */
export interface Explicable {
  /** The space of one configuration. */
  readonly space: Space;
  /**
   * Draws `n` configurations. Draws of another key are independent, of other chains, and have the same
   * constant.
   */
  draw(n: number, key: Key, options?: { readonly signal?: AbortSignal | undefined }): Promise<Drawn>;
}

/**
 * A fitted model as {@link Explicable}: of an energy model the log-weights at the states of its Markov chains. A
 * conditional model is explained at one `context`, `[n, ...]` for n draws.
 */
export function explicable(fitted: AnyFitted, context?: (n: number) => Promise<NDArray<"f32">>): Explicable {
  return {
    space: fitted.model.space,
    draw(n, key, { signal } = {}) {
      const options = { key, ...(signal && { signal }) };
      return byKind<Promise<Drawn>>(fitted, {
        async exact(own) {
          const { x, logProb } = await own.sample(n, {
            ...options,
            ...(context && { context: await context(n) }),
          });
          return { x, logP: logProb };
        },
        async energy(own) {
          const { x, logWeight, chain } = await own.sample(n, options);
          return { x, logP: logWeight, chain };
        },
        bounded: refused,
        implicit: refused,
      });
    },
  };
}

/** Throws: a formula represents log P, which neither a bound nor samples alone give. */
async function refused({ model }: AnyFitted): Promise<never> {
  throw usageError(
    `${model.family} has no log-probability to explain; explain the data, or a file of samples`,
  );
}
