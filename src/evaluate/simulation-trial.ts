import type { NDArray } from "../array.ts";
import { AnsatzError } from "../error.ts";
import type { Key } from "../random/key.ts";
import { autocorrelationTime, type Estimate } from "../stats/index.ts";
import { byChain } from "../stats/row-mean.ts";
import type { System, Target } from "../systems/system.ts";

/** Seconds of sampling that are enough for one timing. */
const ENOUGH = 0.03;
/** Seconds after which a simulation is given up. */
const GIVEN_UP = 10;
/** Chains of a simulation: few burn in sooner. */
const CHAINS = 4;
/** Rows of a short simulation. */
const FEW_ROWS = 1000;

/** An algorithm of a simulation that has burnt in once. */
export interface Trial {
  /** Name of the sampler. */
  readonly name: string;
  /** The longest τ of the observables, in recorded rows. */
  readonly tau: Estimate;
  /** Seconds a recorded row, as the trial had it. */
  readonly firstTime: number;
  /** Seconds a recorded row, measured anew. */
  timeOfRow(): Promise<number>;
  /** Seconds before the first row, given the seconds per row. */
  before(row: number): number;
}

/** Burns in once and times rows; returns undefined if that takes more than 10 s, or τ is unknown. */
export async function tryAlgorithm(
  system: System,
  algorithm: string | undefined,
  key: Key,
  signal: AbortSignal | undefined,
): Promise<Trial | undefined> {
  const stop = new AbortController();
  const limit = setTimeout(() => stop.abort(), GIVEN_UP * 1000);
  const both = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  try {
    const first = await system.simulate({
      ...{ samples: FEW_ROWS, chains: CHAINS, algorithm, key: key.fold(0), signal: both },
    });
    if (!(first.tau > 0)) return undefined;
    const thinning = Math.max(1, Math.round(2 * first.tau));
    const timed = async (samples: number) => {
      const began = performance.now();
      const run = await system.simulate({
        ...{ samples, chains: CHAINS, algorithm, key: key.fold(1), ...(signal && { signal }) },
        ...(first.chain && { thinning, burnIn: first.burnIn }),
      });
      return { run, seconds: (performance.now() - began) / 1000 };
    };
    // The same burn-in with more rows: the difference is the time of rows alone.
    const short = await timed(FEW_ROWS);
    let [rows, long] = [FEW_ROWS, short];
    do {
      rows *= 4;
      long = await timed(rows);
    } while (long.seconds - short.seconds < ENOUGH && rows < 1e6);
    const timeOf = (seconds: number) => Math.max(1e-9, seconds - short.seconds) / (rows - FEW_ROWS);
    return {
      name: first.sampler.name,
      tau: slowest(system, long.run.x, long.run.chain?.data),
      firstTime: timeOf(long.seconds),
      before: (row) => Math.max(0, short.seconds - row * FEW_ROWS),
      timeOfRow: async () => timeOf((await timed(rows)).seconds),
    };
  } catch (error) {
    if (error instanceof AnsatzError && error.code === "interrupted" && !signal?.aborted) return undefined;
    throw error;
  } finally {
    clearTimeout(limit);
  }
}

/** A τ or a rate that is unknown. */
export const unknown: Estimate = { value: Number.NaN, error: Number.NaN };

/**
 * Returns the longest τ of the observables over rows of chains, ½ for independent rows; unknown if any τ is
 * unknown.
 */
export function slowest(target: Target, x: NDArray, chain: Int32Array | undefined): Estimate {
  let longest: Estimate = { value: 0.5, error: 0 };
  if (!chain) return longest;
  for (const observable of Object.values(target.observables)) {
    const found = autocorrelationTime(byChain(observable(x), chain));
    // All rows agree.
    if (Number.isNaN(found.tau)) continue;
    if (!found.reliable) return unknown;
    if (found.tau > longest.value) longest = { value: found.tau, error: found.tauError };
  }
  return longest;
}
