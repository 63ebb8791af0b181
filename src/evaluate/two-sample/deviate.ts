import { normalQuantile } from "../../stats/normal.ts";

/** The normal deviate z with P(Z > z) = 10^log10P, also where the probability is below the least double. */
export function deviateOf(log10P: number): number {
  if (log10P === -Infinity) return Infinity;
  if (log10P > -15) return -normalQuantile(Math.min(10 ** log10P, 1 - 1e-16));
  // P ≈ φ(z)/z: two steps of the fixed point are enough this far out.
  const log = -log10P * Math.LN10;
  let z = Math.sqrt(2 * log);
  for (let i = 0; i < 4; i++) z = Math.sqrt(2 * (log - Math.log(z * Math.sqrt(2 * Math.PI))));
  return z;
}
