import type { Reduced } from "./thermodynamics.ts";

/** A function of one variable u: its value and its first and second derivative. */
export type Jet = readonly [value: number, first: number, second: number];

/**
 * A planar lattice wrapped into a torus, by the factor f(k) = a + q(k) b that each wave number k contributes to Z²;
 * a and b depend on the temperature by a variable u that vanishes at T = 0.
 */
export interface Modes {
  /** q of the wave numbers along the two axes. */
  q(kx: number, ky: number): number;
  readonly a: Jet;
  readonly b: Jet;
  /** The signed root of f at k = 0: positive in the disordered phase, negative in an ordered one. */
  readonly g: Jet;
}

/** See {@link signedProducts}. */
export interface Excitations {
  /** The logarithm and its derivatives with respect to u. */
  readonly log: Jet;
  /** Sum of the magnitudes of the four products over the magnitude of their sum: digits are lost as it grows. */
  readonly cancellation: number;
}

/**
 * Returns log ½(Z_aa + Z_ap + Z_pa − Z_pp): products of f(k)^½ over wave numbers that are antiperiodic or
 * periodic along each axis of an Lx × Ly torus. In the fully periodic product, the factor of k = 0 enters as
 * the signed root g.
 */
export function signedProducts(lx: number, ly: number, modes: Modes): Excitations {
  const sectors = [
    sector(lx, ly, modes, 0.5, 0.5),
    sector(lx, ly, modes, 0.5, 0),
    sector(lx, ly, modes, 0, 0.5),
    sector(lx, ly, modes, 0, 0),
  ];
  const reference = sectors.reduce((best, next) => (next[0] > best[0] ? next : best));
  // Sums of signed products and of their derivatives, each relative to the reference product's own growth.
  let sum = 0;
  let magnitude = 0;
  let slope = 0;
  let curvature = 0;
  sectors.forEach(([log, first, second], index) => {
    const weight = Math.exp(log - reference[0]);
    const d = first - reference[1];
    const dd = second + d * d;
    const [g, g1, g2] = index === 3 ? modes.g.map((value) => 0 - value) : [1, 0, 0];
    sum += weight * g!;
    magnitude += Math.abs(weight * g!);
    slope += weight * (g1! + g! * d);
    curvature += weight * (g2! + 2 * g1! * d + g! * dd);
  });
  const mean = slope / sum;
  return {
    log: [reference[0] + Math.log(sum / 2), reference[1] + mean, curvature / sum - mean * mean],
    cancellation: magnitude / Math.abs(sum),
  };
}

/**
 * ½ Σ_k log f(k) over k_x = 2π(i + shiftX)/Lx, k_y = 2π(j + shiftY)/Ly, where a shift is 0 (periodic) or ½
 * (antiperiodic); the caller adds the wave number k = 0.
 */
function sector(lx: number, ly: number, { q, a, b }: Modes, shiftX: number, shiftY: number): Jet {
  let log = 0;
  let first = 0;
  let second = 0;
  for (let i = 0; i < lx; i++)
    for (let j = 0; j < ly; j++) {
      if (i + shiftX + j + shiftY === 0) continue;
      const mode = q((2 * Math.PI * (i + shiftX)) / lx, (2 * Math.PI * (j + shiftY)) / ly);
      const f = a[0] + mode * b[0];
      const d = (a[1] + mode * b[1]) / f;
      log += Math.log(f);
      first += d;
      second += (a[2] + mode * b[2]) / f - d * d;
    }
  return [log / 2, first / 2, second / 2];
}

/** The square of a jet. */
export function squared([value, first, second]: Jet): Jet {
  return [value * value, 2 * value * first, 2 * (first * first + value * second)];
}

/**
 * Thermodynamics at coupling κ ≥ 0 from log Z = κ · ground + log, where log is known with its derivatives in
 * u = e^{−rate · κ}: the ground state is split off, so that excitations keep their precision at low temperature.
 */
export function fromExcitations(
  ground: number,
  rate: number,
  coupling: number,
  [log, first, second]: Jet,
): Reduced {
  const u = Math.exp(-rate * coupling);
  return {
    logZ: ground * coupling + log,
    slope: ground - rate * u * first,
    entropy: log + rate * u * coupling * first,
    // Near T = 0 only the rounding of a cancellation is left.
    heatCapacity: coupling ** 2 * rate * rate * u * Math.max(0, u * second + first),
  };
}
