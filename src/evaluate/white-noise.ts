/** A state mixed with white noise so that shots are as likely as can be. */
export interface NoisyTarget {
  /** Log-likelihood of all shots in nats; −∞ where outcomes were seen that no mixture allows. */
  readonly logLikelihood: number;
  /** Share of white noise, 0 to 1. */
  readonly white: number;
}

/** Steps of the bisection: w to 1e-15. */
const halvings = 50;

/**
 * Returns the share w that maximises Σ n log((1 − w)p + w u): `n` counts the observed outcomes, `p` is their
 * probability without noise and `u` under noise alone. A pure state gives some outcomes of a real device the
 * probability 0.
 */
export function bestMixture(n: Float64Array, p: Float64Array, u: Float64Array): NoisyTarget {
  const at = (k: number, w: number) => (1 - w) * p[k]! + w * u[k]!;
  // The log-likelihood is concave in w: its derivative is followed to zero, and never asked for at the ends, where it may be infinite.
  const slope = (w: number) => n.reduce((sum, count, k) => sum + (count * (u[k]! - p[k]!)) / at(k, w), 0);
  const logLikelihood = (w: number) =>
    n.reduce((sum, count, k) => sum + count * Math.log(Math.max(0, at(k, w))), 0);
  let [low, high] = [0, 1];
  for (let k = 0; k < halvings; k++) {
    const middle = (low + high) / 2;
    if (slope(middle) > 0) low = middle;
    else high = middle;
  }
  // Without an outcome that the state excludes, no noise at all may be best.
  return [0, (low + high) / 2, 1]
    .map((white) => ({ white, logLikelihood: logLikelihood(white) }))
    .reduce((a, b) => (b.logLikelihood > a.logLikelihood ? b : a));
}
