import { inputError, usageError } from "../error.ts";
import { type Autocovariance, autocovariance } from "./autocovariance.ts";
import type { Estimate } from "./estimate.ts";
import { sum } from "./sum.ts";

/** One series of successive measurements, or several of independent chains of the same system. */
export type Chains = ArrayLike<number> | readonly ArrayLike<number>[];

/** An integrated autocorrelation time; see {@link autocorrelationTime}. */
export interface Autocorrelation {
  /** τ = ½ + Σρ(t) in units of one measurement: ½ when they are independent, NaN when the series is constant. */
  readonly tau: number;
  /** The standard error of τ, in the same unit. */
  readonly tauError: number;
  /** The lag at which the sum was cut. */
  readonly window: number;
  /**
   * Whether the chains are long enough to say what τ is: 200 measurements or more in all, 100 τ or more, the sum cut at
   * a sixth of the longest chain or before, and τ at least three of its errors.
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
/** Windows that the longest chain holds where τ is believed: a sum cut near the ends of chains is believed where it is short. */
const RELIABLE_WINDOWS = 6;
/** Measurements for each lag of a window that is wider than τ asks for: τ = ¼ is then known to a quarter. */
const MOST_NOISE = 200;
/** Standard deviations of the noise, 1/√n, below 0 from which on ρ(1) says that a series alternates. */
const ALTERNATING = 4;

/**
 * The integrated autocorrelation time τ = ½ + Σ_{t≥1} ρ(t), cut at the first lag W ≥ c τ(W).
 *
 * Several chains share one mean, so chains that disagree show as a long τ. The estimate is corrected for the bias
 * (2W + 1)/n of the measured mean, and tauError² = 4 (W + ½ − τ) τ²/n. A series that alternates, ρ(1) < 0, is taken in
 * pairs, whose means hardly do: the noise of single lags, which hides a τ near 0, is gone from their sums. A larger `c` cuts
 * off less and is noisier.
 *
 * Throws when a value is not finite (naming chain and place), or when c is not positive.
 *
 * Source: Sokal, in "Functional Integration" (1997) 131, section 3; bias and error: U. Wolff, Comput. Phys. Commun.
 * 156 (2004) 143, eqs. 42 and 49; pairs: Geyer, Stat. Sci. 7 (1992) 473, section 3.3.
 */
export function autocorrelationTime(chains: Chains, c = 6): Autocorrelation {
  const { tau, tauError, window, reliable } = analyse(toChains(chains), c);
  return { tau, tauError, window, reliable };
}

/**
 * The mean over one chain or several, with error² = 2τ (1 + (tauError/τ)²) var/n.
 *
 * A τ below ½ makes the error smaller than that of independent measurements only where it is below by more than
 * four times √(W/n), its noise were there no correlation; else ½ stands in for it. The factor 1 + (tauError/τ)²
 * makes up for a noisy τ: the mean of 1/τ is larger than 1 over the mean.
 *
 * When the chains are too short to know τ, or do not move, `reliable` is false and the error is NaN: a small number
 * there would be wrong. Throws as {@link autocorrelationTime}.
 */
export function chainMean(chains: Chains, c = 6): ChainEstimate {
  const { variance: _, error, ...result } = analyse(toChains(chains), c);
  return { ...result, error: result.reliable ? error : Number.NaN };
}

interface Analysis extends ChainEstimate {
  readonly variance: number;
}

/** `fewest` measurements are believed; the window has `narrowest` lags or more, where the chains allow. */
function analyse(
  chains: readonly ArrayLike<number>[],
  c: number,
  { fewest = RELIABLE_COUNT, narrowest = 0 } = {},
): Analysis {
  if (!(c > 0)) throw usageError(`the window factor must be positive, got ${c}`);
  const count = chains.reduce((total, chain) => total + chain.length, 0);
  const value = sum(chains.map(sum)) / count;
  const centred = chains.map((chain) => Float64Array.from(chain, (x) => x - value));
  const covariance = autocovariance(centred);
  const variance = covariance(0);
  const result = { value, variance, count };
  // A series that is constant but for rounding says nothing about how it moves.
  if (!(variance > (1e-14 * value) ** 2))
    return {
      ...result,
      error: Number.NaN,
      tau: Number.NaN,
      tauError: Number.NaN,
      window: 0,
      reliable: false,
    };

  const longest = Math.max(...chains.map((chain) => chain.length));
  const pairs = count - chains.length;
  if (longest >= 4 && covariance(1) < (-ALTERNATING / Math.sqrt(pairs)) * variance)
    return { ...byPairs(chains, c, evenTime(covariance, longest, c), fewest, variance), ...result };

  const least = Math.min(narrowest, longest / RELIABLE_WINDOWS - 1, count / MOST_NOISE);
  let tau = 0.5;
  let window = 0;
  while (window + 1 < longest && (window < c * tau || window < least)) {
    window += 1;
    tau += covariance(window) / variance;
  }
  const closed = window >= c * tau && RELIABLE_WINDOWS * window <= longest;
  tau *= 1 + (2 * window + 1) / count;
  // Beside a τ that a wide window found below ½, the noise of the other frequencies is what that of τ = ½ is.
  const scale = narrowest > 0 ? Math.max(tau, 0.5) : Math.abs(tau);
  const tauError = scale * Math.sqrt((4 * Math.max(window + 0.5 - tau, 0.5)) / count);
  const long = count >= Math.max(fewest, RELIABLE_LENGTH * tau);
  // var is that of one state; Γ(0) about the measured mean lacks the share 2τ/n of the mean's own fluctuation.
  const anticorrelated = tau + 4 * Math.sqrt(window / count) < 0.5;
  const cautious = (anticorrelated ? tau : Math.max(tau, 0.5)) * (1 + (tauError / tau) ** 2);
  const error = Math.sqrt((2 * cautious * variance) / (count - 2 * cautious));
  const reliable = closed && long && tau > RELIABLE_SIGMAS * tauError;
  return { ...result, error, tau, tauError, window, reliable };
}

/** ½ + Σρ over even lags, which an alternating sign does not cancel: in pairs, how far their weak correlation reaches. */
function evenTime(covariance: Autocovariance, longest: number, c: number): number {
  let time = 0.5;
  for (let t = 2; t < longest && t < 2 * c * time; t += 2) time += covariance(t) / covariance(0);
  return time;
}

/** What the means of neighbours say of a series of a given variance, with τ in units of its own measurements. */
function byPairs(
  chains: readonly ArrayLike<number>[],
  c: number,
  reach: number,
  fewest: number,
  variance: number,
) {
  const count = chains.reduce((total, chain) => total + chain.length, 0);
  const means = chains.map((chain) =>
    Float64Array.from({ length: Math.floor(chain.length / 2) }, (_, i) => {
      return ((chain[2 * i] as number) + (chain[2 * i + 1] as number)) / 2;
    }),
  );
  const pairs = analyse(
    means.filter(({ length }) => length > 0),
    c,
    { fewest: fewest / 2, narrowest: c * reach },
  );
  // error² = 2τ var/n of the one and of the other.
  const scale = (2 * pairs.variance) / variance;
  const left = chains.filter(({ length }) => length % 2 === 1).length;
  return {
    tau: scale * pairs.tau,
    tauError: scale * pairs.tauError,
    window: 2 * pairs.window,
    reliable: pairs.reliable,
    // Measurements without a partner move the mean of all, with nothing against them.
    error: Math.sqrt(pairs.error ** 2 + (left * variance) / count ** 2),
  };
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
