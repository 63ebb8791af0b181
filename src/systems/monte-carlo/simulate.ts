import { bytesIn, type NDArray, ndarray, type StorageOf, sizeOf } from "../../array.ts";
import { inputError, usageError } from "../../error.ts";
import type { Key } from "../../random/key.ts";
import { keyOf } from "../../random/seed.ts";
import { type Stream, stream } from "../../random/stream.ts";
import { mostRowBytes } from "../most-rows.ts";
import { pauser } from "../pause.ts";
import type { SimulateOptions, Simulation } from "../system.ts";
import { tauOfRows, thinnedMean, thinningTimes } from "../thinned.ts";
import { burnIn } from "./burn-in.ts";
import type { Ensemble, Measure, Sampler, Sites, SiteType } from "./ensemble.ts";
import { packState, type RunningState, unfit, unpackState } from "./state.ts";

/** Site updates between two looks at the clock. */
const updatesAtOnce = 2 ** 21;
/** Milliseconds between two states that are kept. */
const keepEvery = 5000;

/** A sampler to try, and how slow it may be before the next one is taken. */
export interface Candidate<S extends Sites> {
  /** The Monte Carlo algorithm, which may spend random numbers of `key` on getting ready. */
  sampler(key: Key): Sampler<S>;
  /** The longest τ, in sweeps, at which this candidate is used; the last candidate has no limit. */
  readonly slowest?: number;
}

/** Options of a simulation by Markov chains. */
export interface ChainOptions<D extends SiteType> extends SimulateOptions {
  /** Shape of a configuration, and how its sites are stored. */
  readonly shape: readonly number[];
  readonly dtype: D;
  readonly candidates: readonly Candidate<StorageOf[D]>[];
  /** An ordered configuration, from which every other chain starts. */
  readonly ordered: StorageOf[D];
  /** A random site, for the other starts. */
  randomSite(random: Stream): number;
  /** The observables that have to decorrelate; see `burnIn`. */
  readonly measures: readonly Measure<StorageOf[D]>[];
  /** Changes a row by a random element of a symmetry group of the energy, the same for the same key. */
  symmetrise?(row: StorageOf[D], key: Key): void;
  /** Total energy of each row. */
  energy(x: NDArray): Float64Array;
}

/**
 * Draws configurations by Markov chains: several independent ones, started alternately ordered and at random
 * (all ordered if the sampler asks for it), burnt in for at least 100 τ, then recorded every 5 τ. Each
 * recorded row is changed by a random symmetry of the energy, which makes all ordered states equally likely
 * in every chain at any temperature.
 *
 * @returns `x: [samples, ...shape]`, and details of the run; the same key gives the same rows.
 * @throws AnsatzError: input for an impossible number of samples, interrupted when `signal` aborts, failure
 * when the chains do not decorrelate.
 */
export async function simulateChains<D extends SiteType>(options: ChainOptions<D>): Promise<Simulation<D>> {
  type S = StorageOf[D];
  const { samples, shape, dtype, onProgress, signal, store } = options;
  const key = keyOf(options);
  const sites = sizeOf(shape);
  checkCounts(options, sites * (dtype === "f32" ? 4 : 1));
  const count = Math.min(options.chains ?? 16, samples);
  const pause = pauser(signal, "simulation stopped");
  const kept = await store?.load();
  const run = await begin(options, count, sites, pause, kept && unpackState(kept.state));

  const { ensemble, thinning } = run;
  const x = ndarray<D>(dtype, [samples, ...shape]);
  const { data } = x;
  const starts = Array.from({ length: count + 1 }, (_, c) => Math.floor((samples * c) / count));
  const longest = Math.ceil(samples / count);
  const piece = Math.max(1, Math.floor(updatesAtOnce / (sites * count)));
  const symmetries = key.fold(2);
  /** Chains that have a row left at step t. */
  const recorded = (t: number) =>
    Array.from({ length: count }, (_, c) => c).filter((c) => starts[c]! + t < starts[c + 1]!);
  const rowOf = (c: number, t: number) =>
    data.subarray((starts[c]! + t) * sites, (starts[c]! + t + 1) * sites) as S;

  if (run.step > longest) throw unfit(`it has ${run.step} rows of a chain`);
  let t = kept ? restoreRows(kept.rows, run.step, recorded, rowOf) : 0;
  let from = t;
  let keptAt = performance.now();
  for (; t < longest; t++) {
    if (store && performance.now() - keptAt > keepEvery) {
      await store.save(
        packState({ ...run.state, step: t }, ensemble.save()),
        rowsBetween(from, t, recorded, rowOf),
      );
      from = t;
      keptAt = performance.now();
    }
    for (let left = thinning; left > 0; left -= piece) {
      ensemble.advance(Math.min(piece, left));
      const done = Math.min(samples, Math.floor((t + 1 - left / thinning) * count));
      await pause(() => onProgress?.({ phase: "sampling", done, total: samples, updates: updates() }));
    }
    for (const c of recorded(t)) {
      const row = rowOf(c, t);
      ensemble.read(c, row);
      options.symmetrise?.(row, symmetries.fold(c * 2 ** 32 + t));
    }
  }
  function updates() {
    return (run.state.burnIn + t * thinning) * run.updates;
  }
  onProgress?.({ phase: "sampling", done: samples, total: samples, updates: updates() });

  const chain = new Int32Array(samples);
  for (let c = 0; c < count; c++) chain.fill(c, starts[c], starts[c + 1]);
  const energies = options.energy(x).map((e) => e / sites);
  const { sampler, sweep, burnIn } = run.state;
  // JSON knows no NaN.
  const tau = Number.isFinite(run.state.tau) ? (run.state.tau as number) : measuredTau();
  return {
    x,
    chain: ndarray("i32", [samples], chain),
    sampler: { name: sampler, sweep },
    ...{ tau, thinning, burnIn },
    energy: thinnedMean(energies, starts, { tau, thinning }),
  };

  /** τ from the rows themselves, if the burn-in was too short to estimate it. */
  function measuredTau(): number {
    const series = options.measures.map((measure) =>
      Float64Array.from({ length: samples }, (_, row) =>
        measure(data.subarray(row * sites, (row + 1) * sites) as S),
      ),
    );
    return tauOfRows(series, starts, thinning);
  }
}

interface Running<S extends Sites> {
  readonly ensemble: Ensemble<S>;
  readonly state: Omit<RunningState, "step">;
  readonly thinning: number;
  readonly step: number;
  /** Updates of single sites in a sweep of all chains. */
  readonly updates: number;
}

/** Chains that are burnt in, or that continue from a saved state. */
async function begin<D extends SiteType>(
  options: ChainOptions<D>,
  count: number,
  sites: number,
  pause: ReturnType<typeof pauser>,
  kept: ReturnType<typeof unpackState> | undefined,
): Promise<Running<StorageOf[D]>> {
  const { candidates, measures, onProgress } = options;
  const key = keyOf(options);
  for (const [n, candidate] of candidates.entries()) {
    const own = key.fold(n + 16);
    const sampler = candidate.sampler(own.fold(0));
    if (kept && kept.header.sampler !== sampler.name) continue;
    const updates = (sampler.updates ?? sites) * count;
    const starts = Array.from({ length: count }, (_, c) =>
      startOf(options, key.fold(1).fold(c), sampler.fromOrder === true || c % 2 === 0),
    );
    const ensemble = sampler.start(own.fold(1), starts);
    if (kept) {
      if (kept.ensemble.length !== ensemble.save().length)
        throw unfit(`its chains have ${kept.ensemble.length} bytes`);
      ensemble.restore(kept.ensemble);
      const { step, ...state } = kept.header;
      return { ensemble, state, thinning: state.thinning, step, updates };
    }
    const found = await burnIn({
      ...{ sampler, ensemble, chains: count, measures },
      room: starts[0]!.slice() as StorageOf[D],
      sweeps: options.burnIn,
      slowest: n + 1 < candidates.length ? candidate.slowest : undefined,
      tick: (done, total) =>
        pause(() => onProgress?.({ phase: "burn-in", done, total, updates: done * updates })),
    });
    if (!found) continue;
    const thinning = options.thinning ?? Math.ceil(thinningTimes * found.tau);
    const { name, sweep } = sampler;
    const tau = found.known ? found.tau : Number.NaN;
    const state = { sampler: name, sweep, tau, burnIn: found.sweeps, thinning };
    return { ensemble, state, thinning, step: 0, updates };
  }
  if (kept) throw unfit(`its sampler is ${kept.header.sampler}`);
  throw usageError("a simulation needs a sampler that is taken however slow it is");
}

/** An ordered configuration, or a random one. */
function startOf<D extends SiteType>(
  { ordered, randomSite }: ChainOptions<D>,
  key: Key,
  fromOrder: boolean,
): StorageOf[D] {
  if (fromOrder) return ordered.slice() as StorageOf[D];
  const random = stream(key);
  return ordered.map(() => randomSite(random)) as StorageOf[D];
}

/** The bytes of the rows of steps from `from` to before `to`, step after step. */
function rowsBetween<S extends Sites>(
  from: number,
  to: number,
  recorded: (t: number) => number[],
  rowOf: (c: number, t: number) => S,
): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let t = from; t < to; t++) for (const c of recorded(t)) parts.push(bytesIn(rowOf(c, t)));
  return parts;
}

/** Restores saved rows, and returns the step to continue with. */
function restoreRows<S extends Sites>(
  rows: Uint8Array,
  step: number,
  recorded: (t: number) => number[],
  rowOf: (c: number, t: number) => S,
): number {
  let at = 0;
  for (let t = 0; t < step; t++)
    for (const c of recorded(t)) {
      const row = bytesIn(rowOf(c, t));
      if (at + row.length > rows.length) throw unfit(`it goes with more than ${rows.length} bytes of rows`);
      row.set(rows.subarray(at, at + row.length));
      at += row.length;
    }
  if (at !== rows.length) throw unfit(`it goes with ${at} bytes of rows, not ${rows.length}`);
  return step;
}

function checkCounts({ samples, chains, thinning, burnIn }: SimulateOptions, rowBytes: number): void {
  const whole = (name: string, value: number | undefined, least: number) => {
    if (value !== undefined && (!Number.isInteger(value) || value < least))
      throw usageError(`${name}: a whole number of at least ${least}, not ${value}`);
  };
  if (!Number.isInteger(samples) || samples < 1)
    throw inputError(`samples: a whole number of at least 1, not ${samples}`);
  if (samples * rowBytes > mostRowBytes)
    throw inputError(
      `samples: ${samples} rows take more than ${mostRowBytes} bytes; give at most ${Math.floor(mostRowBytes / rowBytes)}`,
    );
  whole("chains", chains, 1);
  whole("thinning", thinning, 1);
  whole("burnIn", burnIn, 0);
}
