import * as z from "zod";
import { realParameter } from "../parameters.ts";
import { criticalBeta } from "./critical.ts";
import { type LatticeKind, periodicLattice } from "./lattice.ts";
import { coupling, latticeKind, latticeShape } from "./lattice-parameters.ts";

/** Complete parameters of the Ising model H = −J Σ s_i s_j on a periodic lattice. */
export type IsingParameters = {
  /** Sides of the lattice. */
  readonly shape: readonly number[];
  /** Inverse temperature. */
  readonly beta: number;
  /** Coupling: positive for a ferromagnet, negative for an antiferromagnet. */
  readonly J: number;
  /** The lattice: `square` (hypercubic; the default) or `triangular`. */
  readonly lattice?: LatticeKind | undefined;
};

/**
 * Checks the parameters of the Ising model, from an object or as a command line writes them: `shape` as
 * `[8, 8]` or `"8x8"`, `beta` as a number or `"critical"` (the infinite lattice's), `J` (default 1), `lattice`
 * (default `square`). Throws AnsatzError (input) for a lattice that cannot be, or that has no critical temperature.
 */
export const isingParameters = z
  .strictObject({
    shape: latticeShape,
    beta: z.union([z.literal("critical"), realParameter("give a number or critical")], {
      error: "give a number, or critical (--beta on the command line)",
    }),
    J: coupling,
    lattice: latticeKind,
  })
  .transform(({ shape, beta, J, lattice }): IsingParameters => {
    periodicLattice(shape, lattice);
    return { shape, beta: beta === "critical" ? criticalBeta(shape.length, J, lattice) : beta, J, lattice };
  });
