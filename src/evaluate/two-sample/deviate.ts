import { normalQuantile, normalSurvival } from "../../stats/normal.ts";

/**
 * Returns the normal deviate z with P(Z > z) = 10^log10P, also if the probability is below the least double.
 */
export function deviateOf(log10P: number): number {
  if (log10P === -Infinity) return Infinity;
  if (log10P > -15) return -normalQuantile(Math.min(10 ** log10P, 1 - 1e-16));
  // P ≈ φ(z)/z: two steps of the fixed point are enough this far out.
  const log = -log10P * Math.LN10;
  let z = Math.sqrt(2 * log);
  for (let i = 0; i < 4; i++) z = Math.sqrt(2 * (log - Math.log(z * Math.sqrt(2 * Math.PI))));
  return z;
}

/**
 * Returns log₁₀ of the probability that a standard normal exceeds `z`, also if the probability is below the
 * least double.
 */
export function log10Survival(z: number): number {
  if (z < 30) return Math.log10(normalSurvival(z));
  // Mills' ratio, to a thousandth of the probability.
  return (-(z * z) / 2 - Math.log(z * Math.sqrt(2 * Math.PI)) - 1 / (z * z)) / Math.LN10;
}
