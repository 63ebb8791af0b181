import { usageError } from "../../error.ts";
import type { Exact } from "../system.ts";

/** A chain of equal sites with `states` states each: E(x) = Σ_i bond[x_i, x_{i+1}] + Σ_i site[x_i]. */
export interface ChainEnergy {
  /** Number of sites; a periodic chain has at least two, and a bond from the last to the first. */
  readonly length: number;
  /** Whether a bond joins the last site to the first. */
  readonly periodic: boolean;
  /** Number of states of a site. */
  readonly states: number;
  /** `[states, states]`, row by row: the energy of two neighbours, the left one first. */
  readonly bond: ArrayLike<number>;
  /** `[states]`: the energy of one site. */
  readonly site: ArrayLike<number>;
}

/**
 * Exact thermodynamics of a chain at inverse temperature β by its transfer matrix T = e^{−β(bond + site)}: Tr Tᴺ where
 * periodic, else the sum of all elements of a product of N − 1 (Kramers & Wannier, Phys. Rev. 60, 252, 1941).
 *
 * Every number is carried with its first two derivatives in β, about the slope of the largest, so that energy, entropy
 * and heat capacity are as exact as log Z. The work grows as N·states³ where periodic, N·states² where open.
 *
 * @returns totals over the chain.
 * @throws AnsatzError (usage) for sizes that do not fit each other.
 */
export function chainExact(chain: ChainEnergy, beta: number): Exact {
  const { length, periodic, states, bond, site } = chain;
  if (!Number.isInteger(length) || length < (periodic ? 2 : 1))
    throw usageError(`a ${periodic ? "periodic" : "open"} chain of ${length} sites cannot be`);
  if (bond.length !== states * states || site.length !== states)
    throw usageError(
      `a chain of ${states} states has ${states}×${states} bond energies and ${states} of a site`,
    );
  const onSite = Float64Array.from(site);
  // Row by row from y to x: the new site x counts its own energy.
  const step = Float64Array.from({ length: states * states }, (_, i) => {
    const [from, to] = [Math.floor(i / states), i % states];
    return (bond[from * states + to] as number) + (onSite[to] as number);
  });
  let total: Jet[] = [];
  if (periodic) {
    for (let first = 0; first < states; first++) {
      let vector: Jet[] = Array.from({ length: states }, (_, s) => (s === first ? one : nothing));
      for (let i = 0; i < length; i++) vector = advanced(vector, step, beta);
      total.push(vector[first] as Jet);
    }
  } else {
    total = Array.from(onSite, (energy) => weight(beta, energy));
    for (let i = 1; i < length; i++) total = advanced(total, step, beta);
  }
  const { log, slope, curvature } = total.reduce(plus);
  const energy = 0 - slope;
  return {
    logZ: log,
    energy,
    entropy: log + beta * energy,
    heatCapacity: beta * beta * Math.max(0, curvature),
  };
}

/** A positive number by its logarithm, and the logarithm's first two derivatives in β. */
interface Jet {
  readonly log: number;
  readonly slope: number;
  readonly curvature: number;
}

const one: Jet = { log: 0, slope: 0, curvature: 0 };
const nothing: Jet = { log: Number.NEGATIVE_INFINITY, slope: 0, curvature: 0 };

/** e^{−βE}. */
const weight = (beta: number, energy: number): Jet => ({ log: -beta * energy, slope: -energy, curvature: 0 });

/** The sum: its slope is the mean of the slopes, its curvature the mean of the curvatures and the slopes' variance. */
function plus(a: Jet, b: Jet): Jet {
  if (a.log === Number.NEGATIVE_INFINITY) return b;
  if (b.log === Number.NEGATIVE_INFINITY) return a;
  const [large, small] = a.log >= b.log ? [a, b] : [b, a];
  const ratio = Math.exp(small.log - large.log);
  const q = ratio / (1 + ratio);
  const d = small.slope - large.slope;
  return {
    log: large.log + Math.log1p(ratio),
    slope: large.slope + q * d,
    curvature: large.curvature + q * (small.curvature - large.curvature) + q * (1 - q) * d * d,
  };
}

/** The vector of one site further: Σ_y v(y) e^{−β step[y, x]}. */
function advanced(vector: readonly Jet[], step: Float64Array, beta: number): Jet[] {
  const states = vector.length;
  return vector.map((_, to) => {
    let sum = nothing;
    for (let from = 0; from < states; from++) {
      const { log, slope, curvature } = vector[from] as Jet;
      if (log === Number.NEGATIVE_INFINITY) continue;
      const energy = step[from * states + to] as number;
      sum = plus(sum, { log: log - beta * energy, slope: slope - energy, curvature });
    }
    return sum;
  });
}
