import { AnsatzError } from "../../error.ts";
import { type Autocorrelation, autocorrelationTime } from "../../stats/index.ts";
import type { Ensemble, Measure, Sampler, Sites } from "./ensemble.ts";

/** Sweeps that every chain forgets its start in before anything is measured. */
const warmUp = 100;
/** A τ is believed when each chain it was measured on is at least this many τ long. */
const reliableLength = 100;
/** Sweeps of the first and of the last try; chains that have not decorrelated by then are given up. */
const [shortest, longest] = [2 ** 8, 2 ** 16];
/** Measurements of a chain, beyond which every other one is dropped and sweeps are measured half as often. */
const mostPoints = 2048;
/** Chains that are measured, for measuring may take longer than moving. */
const mostMeasured = 16;

/** Result of a burn-in. */
export interface BurnIn {
  /** Integrated autocorrelation time in sweeps, the longest of all measures. */
  readonly tau: number;
  /** Whether the sweeps were enough to estimate τ; false only for a burn-in of a given length. */
  readonly known: boolean;
  /** Sweeps each chain has run. */
  readonly sweeps: number;
}

/** See {@link burnIn}. */
export interface BurnInOptions<S extends Sites> {
  readonly sampler: Sampler<S>;
  readonly ensemble: Ensemble<S>;
  readonly chains: number;
  /** Room for one configuration. */
  readonly room: S;
  /**
   * The observables that define τ, by the longest: the energy and what else may be slow. They must be
   * invariant under the symmetries by which recorded rows are changed at random.
   */
  readonly measures: readonly Measure<S>[];
  /** Number of sweeps to run, whatever τ is (default: until τ is known). */
  readonly sweeps?: number | undefined;
  /** τ beyond which it is not worth going on; the result is then undefined. */
  readonly slowest?: number | undefined;
  /** Called between pieces of the work with the sweeps done and due. */
  tick(done: number, total: number): Promise<void> | undefined;
}

/**
 * Runs the chains until their autocorrelation time is known, doubling the length until it is at least 100 τ,
 * so that they have also run at least 100 τ when recording starts. Chains share one mean: several that are
 * stuck apart show as a long τ. Up to 16 chains are measured, in up to 2,048 of their sweeps. A burn-in of a
 * given number of sweeps may be too short to estimate τ; `known` is then false, and τ a first guess.
 *
 * @throws AnsatzError (failure) when chains of 65,536 sweeps are still too short.
 */
export async function burnIn<S extends Sites>(options: BurnInOptions<S>): Promise<BurnIn | undefined> {
  const { sampler, ensemble, chains, room, measures, tick } = options;
  const few = Math.min(chains, mostMeasured);
  const measured = Array.from({ length: few }, (_, i) => measuredChain(i, chains));
  const fixed = options.sweeps;
  // Half of a short burn-in shows something of τ.
  const warm = Math.min(warmUp, Math.floor((fixed ?? 2 * warmUp) / 2));
  const last = fixed === undefined ? longest : Math.max(fixed - warm, 0);
  for (let sweep = 0; sweep < warm; sweep++) {
    ensemble.advance(1);
    await tick(sweep + 1, warm + Math.min(shortest, last));
  }
  let series: number[][][] = measures.map(() => measured.map(() => []));
  let stride = sampler.measureEvery ?? 1;
  let tau = 0.5;
  for (let done = 0, length = Math.min(shortest, last); ; length = Math.min(2 * length, last)) {
    while (done + stride <= length) {
      ensemble.advance(stride);
      done += stride;
      measured.forEach((chain, c) => {
        ensemble.read(chain, room);
        for (const [m, measure] of measures.entries()) series[m]![c]!.push(measure(room));
      });
      await tick(warm + done, warm + length);
    }
    const times = series.map(timeOf);
    tau = Math.max(0.5, ...times.map((time) => stride * time.tau));
    if (fixed !== undefined && done < length) {
      ensemble.advance(length - done);
      done = length;
    }
    const known = length >= reliableLength * tau;
    if (length >= last ? known || fixed !== undefined : known && fixed === undefined)
      return { tau, known: known && times.every(({ reliable }) => reliable), sweeps: warm + done };
    if (length >= mostPoints && tau > (options.slowest ?? Number.POSITIVE_INFINITY)) return undefined;
    if (length >= last) break;
    if (length / stride >= mostPoints) {
      series = series.map((all) => all.map((chain) => chain.filter((_, i) => i % 2 === 1)));
      stride *= 2;
    }
  }
  throw new AnsatzError(
    "failure",
    `${sampler.name}: the chains have not decorrelated in ${longest} sweeps of ${sampler.sweep} ` +
      `(τ is about ${tau.toPrecision(2)}); take a higher temperature or a smaller system, or give the burn-in and the ` +
      "sweeps between rows",
  );
}

/** The chain measured at place `i`: of more than 16, pairs spread over all, as even and odd chains start differently. */
export function measuredChain(i: number, chains: number): number {
  if (chains <= mostMeasured) return i;
  const pairs = Math.floor(chains / 2);
  return 2 * Math.floor((Math.floor(i / 2) * pairs) / (mostMeasured / 2)) + (i % 2);
}

/**
 * τ over all chains and whether it is reliable; 0 for a frozen observable, which has nothing to decorrelate.
 */
function timeOf(series: readonly number[][]): Pick<Autocorrelation, "tau" | "reliable"> {
  if (series[0]!.length < 2) return { tau: 0, reliable: false };
  const { tau, reliable } = autocorrelationTime(series);
  return Number.isNaN(tau) ? { tau: 0, reliable: true } : { tau, reliable };
}
