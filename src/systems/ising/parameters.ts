import { z } from "zod";
import { criticalBeta } from "./critical.ts";
import { periodicLattice } from "./lattice.ts";

/** Complete parameters of the Ising model H = −J Σ s_i s_j on a periodic lattice. */
export type IsingParameters = {
  /** Sides of the lattice. */
  readonly shape: readonly number[];
  /** Inverse temperature. */
  readonly beta: number;
  /** Coupling: positive for a ferromagnet, negative for an antiferromagnet. */
  readonly J: number;
};

const real = (error: string) =>
  z.union([z.number(), z.string().trim().min(1).transform(Number)], { error }).pipe(z.number({ error }));

/**
 * Checks the parameters of the Ising model, from an object or as a command line writes them: `shape` as
 * `[8, 8]` or `"8x8"`, `beta` as a number or `"critical"` (the infinite lattice's, by its dimension), `J`
 * (default 1). Throws AnsatzError (input) for a lattice that cannot be, or that has no critical temperature.
 */
export const isingParameters = z
  .strictObject({
    shape: z.union(
      [
        z.array(z.number()),
        z
          .string()
          .transform((text) => text.split(/[x×,]/i).map((side) => (side.trim() ? Number(side) : Number.NaN))),
      ],
      { error: "give the sides of the lattice, such as 8x8" },
    ),
    beta: z.union([z.literal("critical"), real("give a number or critical")], {
      error: "give a number, or critical (--beta on the command line)",
    }),
    J: real("give a number").default(1),
  })
  .transform(({ shape, beta, J }): IsingParameters => {
    periodicLattice(shape);
    return { shape, beta: beta === "critical" ? criticalBeta(shape.length, J) : beta, J };
  });
