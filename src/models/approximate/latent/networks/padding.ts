import * as z from "zod";

/** Values beyond the edges of convolutions; `auto` is left to the fit, which knows the data. */
export const padding = z.enum(["auto", "zero", "periodic"]).default("auto");

/**
 * Returns the padding of convolutions. `auto` means zeros, since nothing but data shows that a lattice is
 * periodic.
 */
export const paddingOf = (given: z.output<typeof padding>): "zero" | "periodic" =>
  given === "auto" ? "zero" : given;
