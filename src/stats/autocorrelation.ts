import { inputError, usageError } from "../error.ts";
import { type Autocovariance, autocovariance } from "./autocovariance.ts";
import type { Estimate } from "./estimate.ts";
import { normalCdf } from "./normal.ts";
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
   * Whether the chains are long enough to estimate τ: 200 measurements or more in all, 100 τ or more, the sum
   * cut at a sixth of the longest chain or before, and τ at least three of its errors.
   */
  readonly reliable: boolean;
}

/** Mean of a Markov chain; `error` is NaN when the chain is too short to estimate it (`reliable` false). */
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
 * Minimum length of the longest chain, in windows, for a reliable τ: a sum cut near the ends of chains is
 * reliable if it is short.
 */
const RELIABLE_WINDOWS = 6;
/**
 * Number of standard deviations of the noise, 1/√n, by which ρ(1) must lie below 0 for a series to count as
 * alternating.
 */
const ALTERNATING = 4;

/**
 * The integrated autocorrelation time τ = ½ + Σ_{t≥1} ρ(t), cut at the first lag W ≥ c τ(W).
 *
 * Several chains share one mean, so chains that disagree show as a long τ. The estimate is corrected for the bias
 * (2W + 1)/n of the measured mean, and tauError² = 4 (W + ½ − τ) τ²/n. A series that alternates, ρ(1) < 0, is smoothed
 * first by the weights (¼, ½, ¼): the noise of single lags would hide a τ near 0. A larger `c` cuts off less and is noisier.
 *
 * Throws when a value is not finite (naming chain and place), or when c is not positive.
 *
 * Source: Sokal, in "Functional Integration" (1997) 131, section 3; bias and error: U. Wolff, Comput. Phys. Commun.
 * 156 (2004) 143, eqs. 42 and 49; smoothing: Priestley, "Spectral Analysis and Time Series" (1981), section 7.2.
 */
export function autocorrelationTime(chains: Chains, c = 6): Autocorrelation {
  const { tau, tauError, window, reliable } = analyse(toChains(chains), c);
  return { tau, tauError, window, reliable };
}

/**
 * Returns the mean over one chain or several, with error² = 2τ (1 + (tauError/τ)² + s) var/n.
 *
 * A τ below ½ makes the error smaller than that of independent measurements only if it is below ½ by more
 * than four times √(W/n), its noise without correlation; else ½ is used. The term (tauError/τ)² corrects for
 * a noisy τ: the mean of 1/τ is larger than 1 over the mean. The term s corrects for the selection of
 * reliable chains: near the longest τ that chains can show, those that underestimate it are selected.
 *
 * When the chains are too short to know τ, or do not move, `reliable` is false and the error is NaN: a small
 * number would be wrong. Throws as {@link autocorrelationTime}.
 */
export function chainMean(chains: Chains, c = 6): ChainEstimate {
  const { variance: _, error, ...result } = analyse(toChains(chains), c);
  return { ...result, error: result.reliable ? error : Number.NaN };
}

interface Analysis extends ChainEstimate {
  readonly variance: number;
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
    return { ...result, ...ofSmoothed(centred, c, covariance) };

  const time = timeOf(covariance, { count, longest, c });
  const { tau, tauError, window, reliable } = time;
  const anticorrelated = tau + 4 * Math.sqrt(window / count) < 0.5;
  const cautious = anticorrelated ? time.cautious : Math.max(time.cautious, 0.5);
  return { ...result, error: errorOf(cautious, variance, count), tau, tauError, window, reliable };
}

/**
 * The error of a mean; var is that of one state, and Γ(0) about the measured mean lacks the share 2τ/n of its
 * own fluctuation.
 */
const errorOf = (tau: number, variance: number, count: number): number =>
  Math.sqrt((2 * tau * variance) / (count - 2 * tau));

/** τ, and a τ that is large enough for an error that covers. */
interface Time extends Autocorrelation {
  readonly cautious: number;
}

/** The time of `count` measurements, with `longest` of them in the longest chain. */
function timeOf(
  covariance: Autocovariance,
  { count, longest, c }: { readonly count: number; readonly longest: number; readonly c: number },
): Time {
  const variance = covariance(0);
  let tau = 0.5;
  let window = 0;
  while (window + 1 < longest && window < c * tau) {
    window += 1;
    tau += covariance(window) / variance;
  }
  const closed = window >= c * tau && RELIABLE_WINDOWS * window <= longest;
  tau *= 1 + (2 * window + 1) / count;
  const tauError = Math.abs(tau) * Math.sqrt((4 * Math.max(window + 0.5 - tau, 0.5)) / count);
  const long = count >= Math.max(RELIABLE_COUNT, RELIABLE_LENGTH * tau);
  const reliable = closed && long && tau > RELIABLE_SIGMAS * tauError;
  // The longest τ that is believed of as many measurements: its window is c τ.
  const most = Math.min(
    longest / (RELIABLE_WINDOWS * c),
    count / RELIABLE_LENGTH,
    count / (4 * Math.max(c - 1, 0.5) * RELIABLE_SIGMAS ** 2),
  );
  const chosen = shortfall((most - tau) / tauError);
  const relative = tauError / tau;
  const cautious = tau * (1 + relative ** 2 + relative * chosen);
  return { tau, tauError, window, reliable, cautious };
}

/** By how many of its deviations the mean of a normal variable is lowered where only values up to `u` deviations above it are kept. */
function shortfall(u: number): number {
  const kept = normalCdf(Math.max(u, 0));
  return Math.exp(-(Math.max(u, 0) ** 2) / 2) / (Math.sqrt(2 * Math.PI) * kept);
}

/**
 * τ and the error of the mean of series with a given variance, from smoothed series, (x_(i−1) + 2 x_i +
 * x_(i+1))/4. The weights leave 2τ var, the spectrum at frequency 0, unchanged, and remove what alternates.
 * The error of τ combines that of the spectrum, of relative square (4W + 2)/n, and that of var, which comes
 * from other frequencies, of relative square 2 Σ ρ(t)²/n.
 *
 * Source: Priestley, "Spectral Analysis and Time Series" (1981), sections 5.3 and 6.2.
 */
function ofSmoothed(centred: readonly Float64Array[], c: number, given: Autocovariance) {
  const variance = given(0);
  const count = centred.reduce((total, { length }) => total + length, 0);
  const smoothed = centred.filter(({ length }) => length > 2).map(smooth);
  const covariance = autocovariance(smoothed);
  const longest = Math.max(...smoothed.map(({ length }) => length));
  const { window, reliable, ...time } = timeOf(covariance, { count, longest, c });
  const scale = covariance(0) / variance;
  const edges = (smoothed.length * variance) / (2 * count ** 2);
  const ends = centred.filter(({ length }) => length <= 2);
  const left = ends.reduce((total, { length }) => total + length, 0);
  const tau = scale * time.tau;
  const tauError = Math.abs(tau) * Math.sqrt((4 * window + 2 + 2 * squares(given, count, longest)) / count);
  return {
    tau,
    tauError,
    window,
    reliable,
    error: Math.sqrt(
      errorOf(time.cautious, covariance(0), count) ** 2 + edges + (left * variance) / count ** 2,
    ),
  };
}

/** Σ ρ(t)² over all lags of both signs, up to the first lag with ρ within two deviations of its noise. */
function squares(covariance: Autocovariance, count: number, longest: number): number {
  let total = 1;
  for (let t = 1; t < longest; t++) {
    const rho = covariance(t) / covariance(0);
    if (rho ** 2 < 4 / count) break;
    total += 2 * rho ** 2;
  }
  return total;
}

const smooth = (series: Float64Array): Float64Array =>
  Float64Array.from(
    { length: series.length - 2 },
    (_, i) => (series[i]! + 2 * series[i + 1]! + series[i + 2]!) / 4,
  );

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
