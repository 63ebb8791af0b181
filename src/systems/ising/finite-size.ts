import { inputError } from "../../error.ts";
import { squareCriticalBeta } from "./critical.ts";
import { kaufman } from "./kaufman.ts";

/** Signs of the infinite lattice's transition on a periodic L × L lattice, J = 1; numbers per site. */
export interface FiniteSize {
  /** L, the sites along each axis. */
  readonly side: number;
  /** log Z/N in nats, at the β_c of the infinite lattice, as are the next three. */
  readonly logZ: number;
  /** U/N, the mean energy per site. */
  readonly energy: number;
  /** S/N in nats. */
  readonly entropy: number;
  /** C/N = β² Var(E)/N, in units of Boltzmann's constant. */
  readonly heatCapacity: number;
  /** The β at which the heat capacity is largest. */
  readonly peakBeta: number;
  /** C/N at that β, in units of Boltzmann's constant. */
  readonly peakHeatCapacity: number;
}

/**
 * Exact values of the square-lattice Ising model of one size at the critical point, and its pseudo-critical temperature,
 * by Kaufman's formula. The peak is found by golden sections; its place is good to about 10⁻⁸.
 *
 * Source: Ferdinand & Fisher, Phys. Rev. 185 (1969) 832. Throws an input error for a side below 2.
 */
export function finiteSize(side: number): FiniteSize {
  if (!Number.isInteger(side) || side < 2)
    throw inputError(`a side is a whole number of at least 2, not ${side}`);
  const sites = side * side;
  const at = (beta: number) => {
    const found = kaufman(side, side, beta);
    if (!found) throw inputError(`no exact values at β = ${beta}`);
    return found;
  };
  const { logZ, slope, entropy, heatCapacity } = at(squareCriticalBeta);
  const peakBeta = maximum((beta) => at(beta).heatCapacity, 0.25, 0.6);
  return {
    side,
    logZ: logZ / sites,
    energy: 0 - slope / sites,
    entropy: entropy / sites,
    heatCapacity: heatCapacity / sites,
    peakBeta,
    peakHeatCapacity: at(peakBeta).heatCapacity / sites,
  };
}

/**
 * The position of the maximum of a function with one maximum between two points, to the square root of double
 * precision.
 */
function maximum(f: (x: number) => number, from: number, to: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [from, to];
  let [a, b] = [high - ratio * (high - low), low + ratio * (high - low)];
  let [fa, fb] = [f(a), f(b)];
  while (high - low > 1e-9) {
    if (fa > fb) {
      [high, b, fb] = [b, a, fa];
      a = high - ratio * (high - low);
      fa = f(a);
    } else {
      [low, a, fa] = [a, b, fb];
      b = low + ratio * (high - low);
      fb = f(b);
    }
  }
  return (low + high) / 2;
}
