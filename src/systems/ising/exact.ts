import type { Exact } from "../system.ts";
import { densityOfStates, enumerableSites, fromDensityOfStates } from "./enumerate.ts";
import { kaufman } from "./kaufman.ts";
import type { Lattice } from "./lattice.ts";
import { ring } from "./ring.ts";
import type { Reduced } from "./thermodynamics.ts";
import { transferMatrix } from "./transfer.ts";
import { triangular } from "./triangular.ts";

/**
 * Returns the exact thermodynamics of the Ising model H = −J Σ s_i s_j at inverse temperature β, by the
 * method that covers the lattice: the formula of a ring, a rectangle or a triangular lattice; otherwise
 * enumeration of at most 25 sites, or the transfer matrix of narrow lattices in two dimensions.
 *
 * @returns totals over the lattice, or `undefined` if no exact answer is known: a large frustrated rectangle
 * (antiferromagnetic, with an odd side) or a three-dimensional lattice of more than 25 sites.
 */
export function exactIsing(lattice: Lattice, beta: number, j: number): Exact | undefined {
  const coupling = beta * j;
  const reduced = formula(lattice, coupling) ?? count(lattice, coupling) ?? transferMatrix(lattice, coupling);
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

function formula({ kind, shape }: Lattice, coupling: number): Reduced | undefined {
  const [lx, ly] = shape;
  if (lx === undefined || shape.length > 2) return undefined;
  if (ly === undefined) return ring(lx, coupling);
  return kind === "triangular" ? triangular(lx, ly, coupling) : kaufman(lx, ly, coupling);
}

function count(lattice: Lattice, coupling: number): Reduced | undefined {
  if (lattice.sites > enumerableSites) return undefined;
  return fromDensityOfStates(densityOfStates(lattice), coupling);
}
