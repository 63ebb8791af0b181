import { z } from "zod";

/** Hyperparameters that every autoregressive family has; a family's schema spreads them. */
export const commonHyperparameters = {
  z2: z.boolean().default(false).describe("give a configuration and its global flip the same probability"),
  symmetry: z
    .union([
      z.enum(["translations", "reflections", "rotations"]),
      z.array(z.enum(["translations", "reflections", "rotations"])),
    ])
    .transform((value) => (typeof value === "string" ? [value] : value))
    .default([])
    .describe("lattice symmetries to average over: translations, reflections, rotations"),
  magnetisation: z
    .int()
    .nullable()
    .default(null)
    .describe("only configurations whose spins −1 and +1 sum to this; null allows all"),
} as const;

/** {@link commonHyperparameters}, checked. */
export interface CommonHyperparameters {
  readonly z2: boolean;
  readonly symmetry: readonly ("translations" | "reflections" | "rotations")[];
  readonly magnetisation: number | null;
}
