import { normalCdf, normalQuantile } from "../../../stats/normal.ts";

/** Terms of the series. */
const terms = 20;
/** Points of the sums over the normal distribution. */
const points = 4000;

/** The function y(g) that gives a normal number the distribution of some values: the quantile of Φ(g). */
export function marginal(values: ArrayLike<number>): (g: number) => number {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  return (g) => {
    const at = Math.min(Math.max(normalCdf(g) * n - 0.5, 0), n - 1);
    const low = Math.floor(at);
    const [a, b] = [sorted[low]!, sorted[Math.min(low + 1, n - 1)]!];
    return a + (at - low) * (b - a);
  };
}

/**
 * Coefficients c_k of y(g) = Σ_k c_k H_k(g) in Hermite polynomials that are orthonormal for the standard normal. Of two normal
 * numbers with correlation ρ, y and z then have the covariance Σ_{k>0} c_k d_k ρ^k (Mehler).
 */
export function hermiteCoefficients(y: (g: number) => number): Float64Array {
  const c = new Float64Array(terms);
  for (let i = 0; i < points; i++) {
    const g = normalQuantile((i + 0.5) / points);
    const value = y(g) / points;
    let [before, now] = [0, 1];
    for (let k = 0; k < terms; k++) {
      c[k] = c[k]! + value * now;
      [before, now] = [now, (g * now - Math.sqrt(k) * before) / Math.sqrt(k + 1)];
    }
  }
  return c;
}

/** The correlation ρ of normal numbers for which y and z have `covariance`, as nearly as any ρ in [−1, 1] gives it. */
export function normalCorrelation(covariance: number, c: Float64Array, d: Float64Array): number {
  const of = (rho: number) => {
    let [sum, power] = [0, 1];
    for (let k = 1; k < c.length; k++) {
      power *= rho;
      sum += c[k]! * d[k]! * power;
    }
    return sum;
  };
  let [low, high] = [-1, 1];
  // Increasing in ρ for increasing y and z.
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (of(middle) < covariance) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
