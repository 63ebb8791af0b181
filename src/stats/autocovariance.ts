import { fft } from "./fft.ts";

/** A number for each lag t ≥ 0; lags at or beyond the longest series give NaN. */
export type Autocovariance = (t: number) => number;

// Sums for single lags are cheaper than a transform as long as few lags are asked for.
const DIRECT_LAGS = 64;

/**
 * Returns the autocovariance Γ(t) of series that were centred on one common mean: the sum of δ_i δ_(i+t) over
 * all pairs within a series, divided by the number of pairs. Lags are computed on demand: the first few as
 * sums, then all by fast Fourier transform.
 */
export function autocovariance(centred: readonly Float64Array[]): Autocovariance {
  let products: (t: number) => number = (t) => directProduct(centred, t);
  let transformed = false;
  return (t) => {
    if (t >= DIRECT_LAGS && !transformed) {
      const table = transformedProducts(centred);
      products = (lag) => table[lag] ?? Number.NaN;
      transformed = true;
    }
    let pairs = 0;
    for (const series of centred) pairs += Math.max(0, series.length - t);
    return products(t) / pairs;
  };
}

/** Σ δ_i δ_(i+t) over all series, by its definition. */
export function directProduct(centred: readonly Float64Array[], t: number): number {
  let total = 0;
  for (const series of centred)
    for (let i = 0; i + t < series.length; i++) total += series[i]! * series[i + t]!;
  return total;
}

/** Σ δ_i δ_(i+t) over all series, for every lag t, by the Wiener–Khinchin theorem on series padded with zeros. */
export function transformedProducts(centred: readonly Float64Array[]): Float64Array {
  const longest = Math.max(...centred.map((series) => series.length));
  const n = 2 ** Math.ceil(Math.log2(2 * longest));
  const power = new Float64Array(n);
  for (const series of centred) {
    const re = new Float64Array(n);
    const im = new Float64Array(n);
    re.set(series);
    fft(re, im);
    for (let k = 0; k < n; k++) power[k] = power[k]! + re[k]! ** 2 + im[k]! ** 2;
  }
  // The power spectrum is real and even: its transform is its inverse transform but for the factor n.
  fft(power, new Float64Array(n));
  return power.subarray(0, longest).map((value) => value / n);
}
