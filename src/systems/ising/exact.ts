import type { Exact } from "../system.ts";
import { densityOfStates, enumerableSites, fromDensityOfStates } from "./enumerate.ts";
import { kaufman } from "./kaufman.ts";
import type { Lattice } from "./lattice.ts";
import { ring } from "./ring.ts";
import type { Reduced } from "./thermodynamics.ts";

/**
 * Exact thermodynamics of the Ising model H = −J Σ s_i s_j at inverse temperature β, by the method that covers
 * the lattice: the transfer matrix for a ring, Kaufman's formula for a rectangle, enumeration for what is left
 * of at most 25 sites.
 *
 * @returns totals over the lattice, or `undefined` where no exact answer is known: a frustrated rectangle
 * (antiferromagnetic, with an odd side) or a three-dimensional lattice of more than 25 sites.
 */
export function exactIsing(lattice: Lattice, beta: number, j: number): Exact | undefined {
  const reduced = reducedIsing(lattice, beta * j);
  return (
    reduced && {
      logZ: reduced.logZ,
      // "0 −" rather than a sign, which would make −0 of a vanishing energy.
      energy: 0 - j * reduced.slope,
      entropy: reduced.entropy,
      heatCapacity: reduced.heatCapacity,
    }
  );
}

function reducedIsing(lattice: Lattice, coupling: number): Reduced | undefined {
  const [lx, ly] = lattice.shape;
  if (lx !== undefined && ly === undefined) return ring(lx, coupling);
  if (lx !== undefined && ly !== undefined && lattice.shape.length === 2) {
    const reduced = kaufman(lx, ly, coupling);
    if (reduced) return reduced;
  }
  return lattice.sites <= enumerableSites
    ? fromDensityOfStates(densityOfStates(lattice), coupling)
    : undefined;
}
