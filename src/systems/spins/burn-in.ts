import { AnsatzError } from "../../error.ts";
import { autocorrelationTime } from "../../stats/index.ts";
import type { Chain, Sampler } from "./sampler.ts";

/** Sweeps that every chain forgets its start in before anything is measured. */
const warmUp = 100;
/** A τ is believed when each chain it was measured on is at least this many τ long. */
const reliableLength = 100;
/** Sweeps at which chains that still have not decorrelated are given up. */
const longest = 2 ** 16;

/** One number of a configuration of spins, read where the chain keeps them. */
export type Measure = (spins: Uint8Array) => number;

/** What burn-in found. */
export interface BurnIn {
  /** Integrated autocorrelation time in sweeps, the longest of those of the measures. */
  readonly tau: number;
  /** Sweeps each chain has run. */
  readonly sweeps: number;
}

/**
 * Runs every chain until its autocorrelation time is known, doubling the length until it is at least 100 τ, so
 * that the chains have also run at least 100 τ when recording starts. Chains share one mean: several that are stuck
 * apart show as a long τ.
 *
 * @param measures what τ is that of, the longest: the energy and what else may be slow. A global flip must not change
 * them, since a row's overall sign is drawn when it is recorded.
 * @param tick called after each sweep of each chain with the sweeps done and due, over all chains.
 * @throws AnsatzError (failure) when chains of 65,536 sweeps are still too short.
 */
export async function burnIn(
  sampler: Sampler,
  chains: readonly Chain[],
  measures: readonly Measure[],
  tick: (done: number, total: number) => Promise<void> | undefined,
): Promise<BurnIn> {
  const series: number[][][] = measures.map(() => chains.map(() => []));
  let done = 0;
  const total = (length: number) => chains.length * (warmUp + length);
  for (const chain of chains)
    for (let sweep = 0; sweep < warmUp; sweep++) {
      chain.advance(1);
      await tick(++done, total(256));
    }
  for (let length = 256, from = 0; length <= longest; from = length, length *= 2) {
    for (const [c, chain] of chains.entries())
      for (let sweep = from; sweep < length; sweep++) {
        chain.advance(1);
        for (const [m, measure] of measures.entries()) series[m]![c]!.push(measure(chain.spins));
        await tick(++done, total(length));
      }
    const tau = Math.max(...series.map(tauOf));
    if (length >= reliableLength * tau) return { tau, sweeps: warmUp + length };
  }
  throw new AnsatzError(
    "failure",
    `${sampler.name}: the chains have not decorrelated in ${longest} sweeps of ${sampler.sweep}; ` +
      "take a higher temperature or a smaller system",
  );
}

/** τ over all chains; at least ½, and ½ for a frozen observable, which has nothing to decorrelate. */
function tauOf(series: readonly number[][]): number {
  const { tau } = autocorrelationTime(series);
  return Number.isNaN(tau) ? 0.5 : Math.max(tau, 0.5);
}
