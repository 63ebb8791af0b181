import * as z from "zod";

/** Units of one hidden layer or of several, as a list. */
export const layerSizes = z
  .union([z.number(), z.array(z.number())], {
    error: "give the units of a layer such as 256, or of several: 500,500",
  })
  .transform((value) => (typeof value === "number" ? [value] : value))
  .pipe(z.array(z.int().min(1).max(1_000_000)).min(1).max(16));

const latticeSymmetry = z.enum(["translations", "reflections", "rotations"]);

/** Hyperparameters that every autoregressive family has; a family's schema spreads them. */
export const commonHyperparameters = {
  /** Give a configuration and its global flip the same probability (default false). */
  z2: z
    .boolean()
    .default(false)
    .describe("give a configuration and its global spin flip the same probability"),
  /** Lattice symmetries to average over: translations, reflections, rotations (default none). */
  symmetry: z
    .union([latticeSymmetry, z.array(latticeSymmetry)], {
      error: "give translations, reflections or rotations, or several: translations,reflections",
    })
    .transform((value) => (typeof value === "string" ? [value] : value))
    .pipe(z.array(latticeSymmetry))
    .default([])
    .describe("lattice symmetries to average over: translations, reflections, rotations"),
  /** Only configurations whose spins −1 and +1 sum to this; null allows all (default null). */
  magnetisation: z
    .int()
    .nullable()
    .default(null)
    .describe("only configurations whose spins −1 and +1 sum to this; null allows all"),
} as const;

/** {@link commonHyperparameters}, checked. */
export interface CommonHyperparameters {
  readonly z2: boolean;
  readonly symmetry: readonly z.output<typeof latticeSymmetry>[];
  readonly magnetisation: number | null;
}
