import type { Reduced } from "./thermodynamics.ts";

/**
 * Exact thermodynamics of the periodic chain (ring) of n spins at coupling K = βJ of either sign:
 * Z = (2cosh K)ⁿ + (2sinh K)ⁿ (Ising 1925; by the 2 × 2 transfer matrix).
 *
 * @returns totals over the ring.
 */
export function ring(n: number, coupling: number): Reduced {
  // By |K| = 340 the ring is in its ground states to far more digits than a double has; stopping there keeps u
  // from underflowing, which would hide the broken bond of a frustrated ring.
  const k = Math.min(Math.abs(coupling), 340);
  const u = Math.exp(-2 * k);
  const frustrated = coupling < 0 && n % 2 === 1;
  const sign = frustrated ? -1 : 1;
  // t = tanh|K| and its powers by logarithms of 1 ± u, which stay exact where t rounds to 1.
  const logTanh = Math.log1p(-u) - Math.log1p(u);
  const power = (exponent: number) => (exponent === 0 ? 1 : Math.exp(exponent * logTanh));
  const wrap = frustrated ? -Math.expm1(n * logTanh) : 1 + power(n);
  const s = (4 * u) / (1 + u) ** 2; // sech²K
  const t = power(1);
  const a = (sign * n * power(n - 1) * s) / wrap;
  const b = (sign * n * s * ((n - 1) * power(n - 2) * s - 2 * power(n))) / wrap;
  // d log Z / d|K| = n − deficit: keeping the deficit apart spares the entropy a cancellation at low temperature.
  const deficit = (2 * n * u) / (1 + u) - a;
  const slope = Math.sign(coupling) * (n * t + a);
  const entropy = n * Math.log1p(u) + Math.log(wrap) + k * deficit;
  return {
    logZ: entropy + coupling * slope,
    slope,
    entropy,
    heatCapacity: k * k * (n * s + b - a * a),
  };
}
