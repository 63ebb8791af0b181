import { logGamma } from "./gamma.ts";

/**
 * Returns the natural logarithm of the probability that F with `d1` and `d2` degrees of freedom exceeds `f`,
 * also if the probability itself is below the least double.
 */
export function logFSurvival(f: number, d1: number, d2: number): number {
  if (!(f > 0)) return 0;
  if (f === Infinity) return -Infinity;
  const x = d2 / (d2 + d1 * f);
  return logIncompleteBeta(d2 / 2, d1 / 2, x, (d1 * f) / (d2 + d1 * f));
}

/** The logarithm of the regularised incomplete beta function I_x(a, b), `y` being 1 − x. */
function logIncompleteBeta(a: number, b: number, x: number, y: number): number {
  const front = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(y);
  if (x < (a + 1) / (a + b + 2)) return Math.min(0, front + Math.log(betaFraction(a, b, x) / a));
  return Math.log1p(-Math.min(1, Math.exp(front) * (betaFraction(b, a, y) / b)));
}

/** The continued fraction of I_x(a, b) by Lentz' method (Press et al., "Numerical Recipes", section 6.4). */
function betaFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  const safe = (v: number) => (Math.abs(v) < tiny ? tiny : v);
  let c = 1;
  let d = 1 / safe(1 - ((a + b) * x) / (a + 1));
  let product = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / safe(1 + even * d);
    c = safe(1 + even / c);
    product *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / safe(1 + odd * d);
    c = safe(1 + odd / c);
    product *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return product;
}
