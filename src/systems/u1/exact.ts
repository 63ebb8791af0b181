import { gaussLegendre } from "../../stats/index.ts";
import type { Exact } from "../system.ts";

/** Exactly known values of U(1) gauge theory on a torus. */
export interface U1Exact extends Exact {
  /** ⟨cos θ_p⟩. */
  readonly plaquette: number;
  /** ⟨Q²⟩ of the topological charge. */
  readonly squareCharge: number;
  /** ⟨cos Σθ_p⟩ over `area` plaquettes side by side: a Wilson loop around them that does not wind. */
  wilson(area: number): number;
}

/** Terms of the sum over representations smaller than e^{−45} of the largest are dropped. */
const negligible = 45;

/**
 * Two-dimensional U(1) gauge theory with Wilson's action on a torus of `volume` plaquettes. A plaquette's weight
 * e^{β cos p} has the Fourier coefficients c(n) = (1/π)∫₀^π cos(np) e^{β cos p} dp = I_n(β), and the torus makes every
 * plaquette share one n: Z = (2π)^{2V} Σ_n c(n)^V. With a weight e^{iθQ} the coefficients are c(n + θ/2π), which gives ⟨Q²⟩
 * as −∂²log Z/∂θ² at 0. All derivatives are in closed form, under the integral.
 *
 * Source: Gross & Witten, Phys. Rev. D 21, 446 (1980); Rusakov, Mod. Phys. Lett. A 5, 693 (1990).
 */
export function exactU1(volume: number, beta: number): U1Exact {
  const most = Math.ceil(Math.sqrt((2 * negligible * (Math.abs(beta) + 1)) / volume)) + 12;
  const rule = gaussLegendre(2 * most + 200, 0, Math.PI);
  const orders = Array.from({ length: 2 * most + 1 }, (_, k) => coefficients(rule, k - most, beta));
  // Signs matter for β < 0, where c(n) alternates.
  const largest = Math.max(...orders.map(({ c }) => Math.abs(c)));
  const powers = orders.map(({ c }) => (c / largest) ** volume);
  const total = powers.reduce((sum, p) => sum + p, 0);
  const mean = (of: (order: Coefficients) => number) =>
    orders.reduce((sum, order, k) => (powers[k] === 0 ? sum : sum + (powers[k]! / total) * of(order)), 0);
  // The share of what is left out of the exponent, |β| a plaquette, is put back here.
  const logZ =
    2 * volume * Math.log(2 * Math.PI) + volume * (Math.abs(beta) + Math.log(largest)) + Math.log(total);
  const slope = volume * mean(({ c, byBeta }) => byBeta / c);
  const second =
    volume * mean(({ c, byBeta, twiceByBeta }) => (volume - 1) * (byBeta / c) ** 2 + twiceByBeta / c);
  const curvature = volume * mean(({ c, byNu, twiceByNu }) => (volume - 1) * (byNu / c) ** 2 + twiceByNu / c);
  return {
    logZ,
    energy: 0 - slope,
    entropy: logZ - beta * slope,
    heatCapacity: beta * beta * (second - slope * slope),
    plaquette: slope / volume,
    squareCharge: -curvature / (4 * Math.PI ** 2),
    wilson: (area) => {
      const inside = orders.slice(0, -1).reduce((sum, { c }, k) => {
        const next = orders[k + 1]!.c;
        return sum + (c / largest) ** (volume - area) * (next / largest) ** area;
      }, 0);
      return inside / total;
    },
  };
}

/** c(ν) at an integer ν, with its derivatives in β and in ν, all over e^{|β|}. */
interface Coefficients {
  readonly c: number;
  readonly byBeta: number;
  readonly twiceByBeta: number;
  readonly byNu: number;
  readonly twiceByNu: number;
}

function coefficients(
  { points, weights }: { points: Float64Array; weights: Float64Array },
  n: number,
  beta: number,
): Coefficients {
  let [c, byBeta, twiceByBeta, byNu, twiceByNu] = [0, 0, 0, 0, 0];
  points.forEach((p, k) => {
    const cosine = Math.cos(p);
    const weight = (weights[k]! / Math.PI) * Math.exp(beta * cosine - Math.abs(beta));
    const even = weight * Math.cos(n * p);
    c += even;
    byBeta += cosine * even;
    twiceByBeta += cosine * cosine * even;
    byNu -= p * weight * Math.sin(n * p);
    twiceByNu -= p * p * even;
  });
  return { c, byBeta, twiceByBeta, byNu, twiceByNu };
}
