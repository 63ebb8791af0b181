import { inputError, usageError } from "../error.ts";
import { autocovariance } from "./autocovariance.ts";
import type { Estimate } from "./estimate.ts";
import { sum } from "./sum.ts";

/** One series of successive measurements, or several of independent chains of the same system. */
export type Chains = ArrayLike<number> | readonly ArrayLike<number>[];

/** An integrated autocorrelation time; see {@link autocorrelationTime}. */
export interface Autocorrelation {
  /** τ = ½ + Σρ(t) in units of one measurement: ½ when they are independent, NaN when the series is constant. */
  readonly tau: number;
  readonly tauError: number;
  /** The lag at which the sum was cut. */
  readonly window: number;
  /**
   * Whether the chains are long enough to say what τ is: 200 measurements or more in all, 100 τ or more, the sum cut
   * within the chains, and τ at least three of its errors.
   */
  readonly reliable: boolean;
}

/** Mean of a Markov chain; `error` is NaN when the chain is too short to tell it (`reliable` false). */
export interface ChainEstimate extends Estimate, Autocorrelation {
  /** Number of measurements, over all chains. */
  readonly count: number;
}

/** Measurements needed for each τ before it is believed: 50 independent ones, for these are 2τ apart. */
const RELIABLE_LENGTH = 100;
/** Measurements below which no τ is believed: each ρ(t) is then uncertain by 0.07 or more, and τ near 0 may be chance. */
const RELIABLE_COUNT = 200;
/** Errors that a believed τ is from 0; with a window of 6τ this asks for 180 τ of measurements. */
const RELIABLE_SIGMAS = 3;

/**
 * The integrated autocorrelation time τ = ½ + Σ_{t≥1} ρ(t), cut at the first lag W ≥ c τ(W).
 *
 * Several chains share one mean, so chains that disagree show as a long τ. The estimate is corrected for the bias
 * (2W + 1)/n of the measured mean, and tauError² = 4 (W + ½ − τ) τ²/n. Where ρ(1) < 0 the window follows the sum over
 * even lags instead, which an alternating sign does not cancel. A larger `c` cuts off less and is noisier.
 *
 * Throws when a value is not finite (naming chain and place), or when c is not positive.
 *
 * Source: Sokal, in "Functional Integration" (1997) 131, section 3; bias and error: U. Wolff, Comput. Phys. Commun.
 * 156 (2004) 143, eqs. 42 and 49.
 */
export function autocorrelationTime(chains: Chains, c = 6): Autocorrelation {
  return analyse(toChains(chains), c);
}

/**
 * The mean over one chain or several, with error² = 2τ (1 + (tauError/τ)²) var/n.
 *
 * A τ below ½ makes the error smaller than that of independent measurements only where it is below by more than
 * three times √(W/n), its noise were there no correlation; else ½ stands in for it. The factor 1 + (tauError/τ)²
 * makes up for a noisy τ: the mean of 1/τ is larger than 1 over the mean.
 *
 * When the chains are too short to know τ, or do not move, `reliable` is false and the error is NaN: a small number
 * there would be wrong. Throws as {@link autocorrelationTime}.
 */
export function chainMean(chains: Chains, c = 6): ChainEstimate {
  const all = toChains(chains);
  const { variance, value, count, ...time } = analyse(all, c);
  // var is that of one state; Γ(0) about the measured mean lacks the share 2τ/n of the mean's own fluctuation.
  const anticorrelated = time.tau + 3 * Math.sqrt(time.window / count) < 0.5;
  const tau = (anticorrelated ? time.tau : Math.max(time.tau, 0.5)) * (1 + (time.tauError / time.tau) ** 2);
  const error = Math.sqrt((2 * tau * variance) / (count - 2 * tau));
  return { value, error: time.reliable ? error : Number.NaN, count, ...time };
}

interface Analysis extends Autocorrelation {
  readonly value: number;
  readonly variance: number;
  readonly count: number;
}

function analyse(chains: readonly ArrayLike<number>[], c: number): Analysis {
  if (!(c > 0)) throw usageError(`the window factor must be positive, got ${c}`);
  const count = chains.reduce((total, chain) => total + chain.length, 0);
  const value = sum(chains.map(sum)) / count;
  const centred = chains.map((chain) => Float64Array.from(chain, (x) => x - value));
  const covariance = autocovariance(centred);
  const variance = covariance(0);
  const result = { value, variance, count };
  // A series that is constant but for rounding says nothing about how it moves.
  if (!(variance > (1e-14 * value) ** 2))
    return { ...result, tau: Number.NaN, tauError: Number.NaN, window: 0, reliable: false };

  const longest = Math.max(...chains.map((chain) => chain.length));
  const alternating = longest > 1 && covariance(1) < 0;
  let tau = 0.5;
  let evenTau = 0.5;
  let window = 0;
  while (window + 1 < longest && window < c * (alternating ? 2 * evenTau : tau)) {
    window += 1;
    const rho = covariance(window) / variance;
    tau += rho;
    if (window % 2 === 0) evenTau += rho;
  }
  const closed = window >= c * (alternating ? 2 * evenTau : tau);
  tau *= 1 + (2 * window + 1) / count;
  const tauError = Math.abs(tau) * Math.sqrt((4 * Math.max(window + 0.5 - tau, 0.5)) / count);
  const long = count >= Math.max(RELIABLE_COUNT, RELIABLE_LENGTH * tau);
  return { ...result, tau, tauError, window, reliable: closed && long && tau > RELIABLE_SIGMAS * tauError };
}

function toChains(chains: Chains): readonly ArrayLike<number>[] {
  const several = chains.length > 0 && typeof chains[0] === "object";
  const all = several ? (chains as readonly ArrayLike<number>[]) : [chains as ArrayLike<number>];
  for (const [place, chain] of all.entries())
    for (let i = 0; i < chain.length; i++)
      if (!Number.isFinite(chain[i]))
        throw inputError(`chain ${place}: measurement ${i} is ${chain[i]}; measurements must be finite`);
  if (all.every((chain) => chain.length === 0))
    throw inputError("no measurements in the chain; give at least one");
  return all;
}
