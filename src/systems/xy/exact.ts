import type { Exact } from "../system.ts";

/** A modified Bessel function e^{−κ} I_n(κ) with its first two derivatives in κ, by its integral. */
type Bessel = readonly [value: number, first: number, second: number];

/**
 * Exact thermodynamics of the ring of planar rotors, H = −J Σ cos(θ_i − θ_{i+1}) with dθ/2π on each site, at
 * inverse temperature β: Z = Σ_n I_n(βJ)^N over all whole n, by the transfer matrix (Joyce, Phys. Rev. 155,
 * 478, 1967).
 *
 * log Z is relative to dθ, so that log Z = N log 2π at β = 0 and the entropy is differential, as for real
 * fields.
 *
 * @returns totals over the ring.
 */
export function exactXyRing(sites: number, beta: number, j: number): Exact {
  const kappa = Math.abs(beta * j);
  // I_n(−κ) = (−1)^n I_n(κ): an odd ring of an antiferromagnet is frustrated.
  const alternating = beta * j < 0 && sites % 2 === 1;
  const most = Math.ceil(12 + 6 * Math.sqrt(kappa) + kappa / 4);
  const nodes = 64 + 4 * most + Math.ceil(16 * Math.sqrt(kappa));
  const largest = besselScaled(0, kappa, nodes);
  let [zeroth, first, second] = [0, 0, 0];
  for (let n = 0; n <= most; n++) {
    const [value, d, dd] = besselScaled(n, kappa, nodes);
    const ratio = value / largest[0];
    if (!(ratio > 1e-17)) break;
    const weight = (n === 0 ? 1 : 2) * (alternating && n % 2 === 1 ? -1 : 1) * ratio ** sites;
    const slope = (sites * d) / value;
    zeroth += weight;
    first += weight * slope;
    second += weight * (slope * slope + sites * (dd / value - (d / value) ** 2));
  }
  const slope = first / zeroth;
  const curvature = second / zeroth - slope * slope;
  const logZ = sites * (kappa + Math.log(largest[0]) + Math.log(2 * Math.PI)) + Math.log(zeroth);
  const energy = 0 - Math.abs(j) * Math.sign(beta || 1) * slope;
  return {
    logZ,
    energy,
    entropy: logZ + beta * energy,
    heatCapacity: kappa * kappa * Math.max(0, curvature),
  };
}

/** (1/π) ∫₀^π e^{κ(cos θ − 1)} cos nθ dθ by the trapezoidal rule, which converges faster than any power here. */
function besselScaled(n: number, kappa: number, nodes: number): Bessel {
  let [value, first, second] = [0, 0, 0];
  for (let k = 0; k <= nodes; k++) {
    const theta = (Math.PI * k) / nodes;
    const c = Math.cos(theta);
    const weight =
      ((k === 0 || k === nodes ? 0.5 : 1) / nodes) * Math.exp(kappa * (c - 1)) * Math.cos(n * theta);
    value += weight;
    // Derivatives of I_n itself, not of its scaled form.
    first += weight * c;
    second += weight * c * c;
  }
  return [value, first, second];
}
