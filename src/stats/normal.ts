export { normalQuantile } from "../random/quantile.ts";

/** The error function (2/√π) ∫₀^x exp(−t²) dt, to a few parts in 10^16. */
export function erf(x: number): number {
  if (x < 0) return -erf(-x);
  return x < 1 ? (2 / Math.sqrt(Math.PI)) * gaussian(x) * seriesOfErf(x) : 1 - erfc(x);
}

/** The complementary error function 1 − erf x, to a few parts in 10^15 of itself, however small it is. */
export function erfc(x: number): number {
  if (x < 1) return 1 - erf(x);
  return x === Infinity ? 0 : gaussian(x) / (Math.sqrt(Math.PI) * fractionOfErfc(x));
}

/** The cumulative distribution Φ(z) of the standard normal, with relative accuracy in its lower tail. */
export function normalCdf(z: number): number {
  return 0.5 * erfc(-z / Math.SQRT2);
}

/** The survival function 1 − Φ(z) of the standard normal, with relative accuracy in its upper tail. */
export function normalSurvival(z: number): number {
  return 0.5 * erfc(z / Math.SQRT2);
}

/** exp(−x²), with a correction of the rounding of x², which would cost x² units in the last place. */
function gaussian(x: number): number {
  // Beyond, the result is 0 in double precision, and the correction below could overflow.
  if (x > 28) return 0;
  const head = Math.fround(x);
  return Math.exp(-head * head) * Math.exp((head - x) * (head + x));
}

/** Σ 2^n x^(2n+1)/(2n + 1)!!, with terms of one sign (NIST DLMF 7.6.2). */
function seriesOfErf(x: number): number {
  let term = x;
  let total = x;
  for (let n = 1; term > total * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return total;
}

/** x + (1/2)/(x + 1/(x + (3/2)/(x + ...))), from its far end (NIST DLMF 7.9.1). */
function fractionOfErfc(x: number): number {
  // Terms needed for 10^-17: the truncation error falls as exp(−2x √(2n)).
  const terms = Math.ceil((20 / x) ** 2 / 2) + 8;
  let tail = x;
  for (let n = terms; n > 0; n--) tail = x + n / 2 / tail;
  return tail;
}
