import { AnsatzError } from "../../error.ts";
import { autocorrelationTime } from "../../stats/index.ts";
import type { HmcChain, Trajectory } from "./chain.ts";

/** Acceptance that the step size is tuned to; the best of a leapfrog integrator lies around 0.65 and is flat. */
const target = 0.75;
/** Acceptance of a tuned step once the chains are at equilibrium; outside, it is tuned again. */
const tuned = [0.6, 0.9] as const;
/** Rounds of one trajectory a chain in which the step size is tuned. */
const rounds = 200;
/** A τ is believed when each chain it was measured on is at least this many τ long. */
const reliableLength = 100;
/** Trajectories at which chains that still have not decorrelated are given up. */
const longest = 2 ** 16;
/** Longer τ than this make trajectories twice as long, as long as that is what they lack. */
const shortTau = 3;
const longestTrajectory = 16;

/** One number of a field. */
export type FieldMeasure = (field: Float64Array) => number;

/** Result of a burn-in. */
export interface HmcBurnIn {
  readonly trajectory: Trajectory;
  /** Integrated autocorrelation time in trajectories, the longest of all measures. */
  readonly tau: number;
  /** Trajectories that each chain has run. */
  readonly sweeps: number;
}

/**
 * Tunes the size of a leapfrog step to an acceptance of about 0.75 (Robbins & Monro 1951), then runs every
 * chain until τ is known, doubling the length until it is at least 100 τ. If τ is long, and doubling the
 * trajectories shortens it by half or more, they stay doubled. After that nothing is tuned any more.
 *
 * @param measures the observables that define τ, by the longest: the energy and what else may be slow.
 * @param tick called after each trajectory of each chain with the trajectories done and due, over all chains.
 * @throws AnsatzError (failure) when chains of 65,536 trajectories are still too short.
 */
export async function burnInHmc(
  chains: readonly HmcChain[],
  measures: readonly FieldMeasure[],
  tick: (done: number, total: number) => Promise<void> | undefined,
): Promise<HmcBurnIn> {
  let trajectory: Trajectory = { step: 0.1, length: 1 };
  let sweeps = 0;
  const due = (more: number) => chains.length * (sweeps + more);

  /** Every chain a trajectory further; the mean acceptance. */
  const round = async (more: number, record?: (c: number, chain: HmcChain) => void): Promise<number> => {
    let accepted = 0;
    for (const [c, chain] of chains.entries()) {
      accepted += chain.advance(1, trajectory);
      record?.(c, chain);
      await tick(chains.length * sweeps + c + 1, due(more));
    }
    sweeps++;
    return accepted / chains.length;
  };

  const tune = async () => {
    let log = Math.log(trajectory.step);
    let late = 0;
    for (let r = 0; r < rounds; r++) {
      const accepted = await round(rounds - r);
      log += (2 * (accepted - target)) / (1 + r) ** 0.6;
      trajectory = { ...trajectory, step: Math.exp(log) };
      if (r >= rounds / 2) late += log / (rounds / 2);
    }
    trajectory = { ...trajectory, step: Math.exp(late) };
  };

  /** τ over all chains of `length` trajectories; at least `from` of them are in `series` already. */
  const measure = async (
    series: number[][][],
    length: number,
  ): Promise<{ tau: number; accepted: number }> => {
    let [accepted, count] = [0, 0];
    for (let n = series[0]![0]!.length; n < length; n++, count++)
      accepted += await round(length - n, (c, chain) => {
        for (const [m, of] of measures.entries()) series[m]![c]!.push(of(chain.field));
      });
    return { tau: Math.max(...series.map(tauOf)), accepted: accepted / count };
  };

  const none = (): number[][][] => measures.map(() => chains.map(() => []));
  await tune();
  let series = none();
  let { tau, accepted } = await measure(series, 256);
  for (let again = 0; again < 3 && !(accepted > tuned[0] && accepted < tuned[1]); again++) {
    await tune();
    series = none();
    ({ tau, accepted } = await measure(series, 256));
  }
  while (tau > shortTau && trajectory.length < longestTrajectory) {
    const before = { trajectory, tau };
    trajectory = { ...trajectory, length: 2 * trajectory.length };
    series = none();
    ({ tau } = await measure(series, 256));
    if (tau <= before.tau / 2) continue;
    trajectory = before.trajectory;
    series = none();
    ({ tau } = await measure(series, 256));
    break;
  }
  for (let length = 256; length < reliableLength * tau; ) {
    length *= 2;
    if (length > longest)
      throw new AnsatzError(
        "failure",
        `hybrid Monte Carlo: the chains have not decorrelated in ${longest} trajectories; ` +
          "take a smaller lattice or other couplings",
      );
    ({ tau } = await measure(series, length));
  }
  return { trajectory, tau, sweeps };
}

/** τ over all chains; at least ½, and ½ for what does not move, which has nothing to decorrelate. */
function tauOf(series: readonly number[][]): number {
  const { tau } = autocorrelationTime(series);
  return Number.isNaN(tau) ? 0.5 : Math.max(tau, 0.5);
}
