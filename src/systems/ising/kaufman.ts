import { type Reduced, reflected } from "./thermodynamics.ts";

/**
 * Exact thermodynamics of the Ising model on a periodic Lx × Ly rectangle at coupling K = βJ.
 *
 * Kaufman (Phys. Rev. 76, 1232, 1949) writes Z as half the sum of four products, over wave numbers that are
 * periodic or antiperiodic along each axis; the fully periodic one carries the sign of γ₀ and so counts
 * against the others above T_c. We use her formula with its second product undone, Π_r 2cosh(mγ_r/2) becoming
 * Π_k f(k)^½: the same number, but with no logarithm that diverges at K = 0 or K = K_c, and with derivatives
 * in closed form. With u = e^{−2K} and q = (1 − cos k_x) + (1 − cos k_y) a factor, scaled by 4e^{−4K}, is the
 * polynomial
 *
 *     f = g² + 2q(u − u³),   g = u² + 2u − 1,
 *
 * so that log Z = 2NK + log ½(Z_aa + Z_ap + Z_pa − Z_pp), where the factor k = 0 of Z_pp enters as g itself,
 * positive above T_c, zero at it and negative below. The 2NK of the ground state is split off, so excitations
 * keep their precision at low temperature.
 *
 * @returns totals over the lattice; `undefined` for K < 0 with an odd side, where the antiferromagnet is
 * frustrated and the four products cancel to more digits than a double has.
 */
export function kaufman(lx: number, ly: number, coupling: number): Reduced | undefined {
  if (coupling < 0) {
    if (lx % 2 === 1 || ly % 2 === 1) return undefined;
    const positive = kaufman(lx, ly, -coupling);
    return positive && reflected(positive);
  }
  const u = Math.exp(-2 * coupling);
  const { log, first, second } = excitations(lx, ly, u);
  const n = lx * ly;
  return {
    logZ: 2 * n * coupling + log,
    slope: 2 * n - 2 * u * first,
    entropy: log + 2 * u * coupling * first,
    heatCapacity: coupling ** 2 * 4 * u * (u * second + first),
  };
}

/** A logarithm with its first and second derivative with respect to u. */
interface Jet {
  readonly log: number;
  readonly first: number;
  readonly second: number;
}

/** log ½(Z_aa + Z_ap + Z_pa − Z_pp), each product scaled by e^{−2NK}. */
function excitations(lx: number, ly: number, u: number): Jet {
  const sectors = [
    sector(lx, ly, u, 0.5, 0.5),
    sector(lx, ly, u, 0.5, 0),
    sector(lx, ly, u, 0, 0.5),
    sector(lx, ly, u, 0, 0),
  ];
  const reference = sectors.reduce((best, next) => (next.log > best.log ? next : best));
  // Sums of signed products and of their derivatives, each relative to the reference product's own growth.
  let sum = 0;
  let slope = 0;
  let curvature = 0;
  sectors.forEach(({ log, first, second }, index) => {
    const weight = Math.exp(log - reference.log);
    const d = first - reference.first;
    const dd = second + d * d;
    const periodic = index === 3;
    const g = periodic ? -(u * u + 2 * u - 1) : 1;
    const g1 = periodic ? -2 * (u + 1) : 0;
    const g2 = periodic ? -2 : 0;
    sum += weight * g;
    slope += weight * (g1 + g * d);
    curvature += weight * (g2 + 2 * g1 * d + g * dd);
  });
  const mean = slope / sum;
  return {
    log: reference.log + Math.log(sum / 2),
    first: reference.first + mean,
    second: curvature / sum - mean * mean,
  };
}

/**
 * ½ Σ_k log f(k) over k_x = 2π(i + a)/Lx, k_y = 2π(j + b)/Ly, where a and b are 0 (periodic) or ½
 * (antiperiodic); the wave number k = 0 is left to the caller.
 */
function sector(lx: number, ly: number, u: number, a: number, b: number): Jet {
  const g = u * u + 2 * u - 1;
  const square = g * g;
  const square1 = 4 * g * (u + 1);
  const square2 = 4 * g + 8 * (u + 1) ** 2;
  const cubic = 2 * u * (1 - u) * (1 + u);
  const cubic1 = 2 - 6 * u * u;
  const cubic2 = -12 * u;
  const qx = laplacian(lx, a);
  const qy = laplacian(ly, b);
  let log = 0;
  let first = 0;
  let second = 0;
  for (const x of qx)
    for (const y of qy) {
      const q = x + y;
      if (q === 0) continue;
      const f = square + q * cubic;
      const d = (square1 + q * cubic1) / f;
      log += Math.log(f);
      first += d;
      second += (square2 + q * cubic2) / f - d * d;
    }
  return { log: log / 2, first: first / 2, second: second / 2 };
}

/** 1 − cos k for k = 2π(i + shift)/side, written as 2 sin²(k/2) to stay exact at small k. */
function laplacian(side: number, shift: number): Float64Array {
  return Float64Array.from({ length: side }, (_, i) => 2 * Math.sin((Math.PI * (i + shift)) / side) ** 2);
}
