import * as z from "zod";
import { inputError } from "../../error.ts";
import { type LatticeKind, periodicLattice } from "../ising/lattice.ts";
import { coupling, latticeKind, latticeShape } from "../ising/lattice-parameters.ts";
import { realParameter, wholeParameter } from "../parameters.ts";

/** Complete parameters of the Potts model H = −J Σ δ(s_i, s_j) on a periodic lattice. */
export type PottsParameters = {
  /** Sides of the lattice. */
  readonly shape: readonly number[];
  /** Inverse temperature. */
  readonly beta: number;
  /** Number of states of a spin. */
  readonly q: number;
  /** Coupling: positive where like neighbours attract. */
  readonly J: number;
  /** Which sites are neighbours: those along the axes (`square`, in any dimension), or a diagonal too (`triangular`). */
  readonly lattice: LatticeKind;
};

/** Maximum number of states: a spin is a byte. */
const mostStates = 256;

/**
 * Checks the parameters of the Potts model, from an object or in command-line form: `shape`, `beta` (a number
 * or `"critical"`), `q` (default 3), `J` (default 1), `lattice` (default `square`, hypercubic). Throws
 * AnsatzError (input) for an impossible lattice, or for `"critical"` if the critical temperature is unknown.
 */
export const pottsParameters = z
  .strictObject({
    shape: latticeShape,
    beta: z.union([z.literal("critical"), realParameter("give a number or critical")], {
      error: "give a number, or critical (--beta on the command line)",
    }),
    q: wholeParameter(2, mostStates, `give the number of states, from 2 to ${mostStates}`).default(3),
    J: coupling,
    lattice: latticeKind,
  })
  .transform(({ beta, ...rest }): PottsParameters => {
    periodicLattice(rest.shape, rest.lattice);
    return {
      ...rest,
      beta: beta === "critical" ? pottsCriticalBeta(rest.shape.length, rest.q, rest.J, rest.lattice) : beta,
    };
  });

/**
 * Returns the critical inverse temperature of the infinite lattice, J > 0: ln(1 + √q)/J on the square lattice
 * (Potts, Math. Proc. Cambridge Philos. Soc. 48, 106, 1952), ln(1 + v)/J with v³ + 3v² = q on the triangular
 * one (Kim & Joseph, J. Phys. C 7, L167, 1974).
 *
 * @throws AnsatzError (input) for other lattices, where it is unknown, and for J ≤ 0.
 */
export function pottsCriticalBeta(dimensions: number, q: number, j: number, lattice: LatticeKind): number {
  if (dimensions !== 2 || !(j > 0))
    throw inputError(
      "beta critical: known for the ferromagnet in two dimensions (J > 0); give beta a number instead",
    );
  if (lattice === "square") return Math.log(1 + Math.sqrt(q)) / j;
  let v = Math.sqrt(q / 3);
  // Newton's method from above the root: v³ + 3v² is convex there.
  for (let n = 0; n < 60; n++) v -= (v ** 3 + 3 * v * v - q) / (3 * v * v + 6 * v);
  return Math.log1p(v) / j;
}
