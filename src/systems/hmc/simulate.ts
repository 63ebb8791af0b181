import { type NDArray, ndarray, sizeOf } from "../../array.ts";
import { inputError, usageError } from "../../error.ts";
import type { Key } from "../../random/key.ts";
import { keyOf } from "../../random/seed.ts";
import { type Stream, stream } from "../../random/stream.ts";
import { independentMean } from "../../stats/index.ts";
import { mostRowBytes } from "../most-rows.ts";
import { pauser } from "../pause.ts";
import type { SimulateOptions, Simulation } from "../system.ts";
import { thinnedMean, thinningTimes } from "../thinned.ts";
import type { Action } from "./action.ts";
import { burnInHmc, type FieldMeasure } from "./burn-in.ts";
import { HmcChain } from "./chain.ts";

/** Options of a simulation of fields. */
export interface FieldSimulateOptions extends SimulateOptions {
  /** Shape of a configuration. */
  readonly shape: readonly number[];
  /** Its action, invariant under a change of every number's sign. */
  readonly action: Action;
  /** The field that chain `chain` starts from. */
  start(chain: number, random: Stream): Float64Array;
  /** The observables that have to decorrelate, invariant under a change of every sign; see `burnInHmc`. */
  readonly measures: readonly FieldMeasure[];
  /** Energy per site of each row. */
  energyPerSite(x: NDArray): Float64Array;
  /** Addition to the description of a sweep. */
  readonly alsoSweep?: string;
}

/**
 * Draws fields with an action that is invariant under a change of every sign: several independent chains of
 * hybrid Monte Carlo, tuned and burnt in for at least 100 τ, then recorded every 5 τ. Each recorded row
 * changes sign as a whole with probability ½, which the symmetry allows and which makes both signs equally
 * likely in every chain.
 *
 * @returns `x: [samples, ...shape]`, single precision, and details of the run; the same key gives the same.
 * @throws AnsatzError: input for an impossible number of samples, interrupted when `signal` aborts, failure
 * when the chains do not decorrelate.
 */
export async function simulateField(options: FieldSimulateOptions): Promise<Simulation<"f32">> {
  const { samples, shape, action, onProgress, signal } = options;
  const key = keyOf(options);
  const size = sizeOf(shape);
  checkCounts(samples, options.chains, size);
  const count = Math.min(options.chains ?? 16, samples);
  const pause = pauser(signal, "simulation stopped");
  const runs = Array.from({ length: count }, (_, c) => {
    const [updates, first, signs] = key.fold(c).split(3) as [Key, Key, Key];
    const start = options.start(c, stream(first));
    return { chain: new HmcChain(action, updates, start), signs: stream(signs) };
  });
  const { trajectory, tau, sweeps } = await burnInHmc(
    runs.map((run) => run.chain),
    options.measures,
    (done, total) => pause(() => onProgress?.({ phase: "burn-in", done, total })),
  );

  const thinning = Math.ceil(thinningTimes * tau);
  const data = new Float32Array(samples * size);
  const chain = new Int32Array(samples);
  const accepted = new Float64Array(samples);
  const starts = [0];
  let row = 0;
  for (const [c, run] of runs.entries()) {
    const end = Math.floor((samples * (c + 1)) / count);
    starts.push(end);
    for (; row < end; row++) {
      accepted[row] = run.chain.advance(thinning, trajectory);
      const sign = run.signs.below(2) === 0 ? 1 : -1;
      for (let i = 0; i < size; i++) data[row * size + i] = sign * run.chain.field[i]!;
      chain[row] = c;
      await pause(() => onProgress?.({ phase: "sampling", done: row + 1, total: samples }));
    }
  }
  onProgress?.({ phase: "sampling", done: samples, total: samples });

  const x = ndarray("f32", [samples, ...shape], data);
  const steps = Math.max(1, Math.round(trajectory.length / trajectory.step));
  return {
    x,
    chain: ndarray("i32", [samples], chain),
    sampler: {
      name: "hybrid Monte Carlo",
      sweep:
        `1 trajectory of length ${trajectory.length}, about ${steps} leapfrog steps of ` +
        `${trajectory.step.toPrecision(3)}${options.alsoSweep ?? ""}`,
    },
    tau,
    thinning,
    burnIn: sweeps,
    acceptance: independentMean(accepted),
    energy: thinnedMean(options.energyPerSite(x), starts, { tau, thinning }),
  };
}

function checkCounts(samples: number, chains: number | undefined, size: number): void {
  if (!Number.isInteger(samples) || samples < 1)
    throw inputError(`samples: a whole number of at least 1, not ${samples}`);
  if (samples * 4 * size > mostRowBytes)
    throw inputError(
      `samples: ${samples} rows take more than ${mostRowBytes} bytes; give at most ${Math.floor(mostRowBytes / 4 / size)}`,
    );
  if (chains !== undefined && (!Number.isInteger(chains) || chains < 1))
    throw usageError(`chains: a whole number of at least 1, not ${chains}`);
}
