import * as z from "zod";

/** Values beyond the edges of convolutions; `auto` is left to the fit, which knows the data. */
export const padding = z.enum(["auto", "zero", "periodic"]).default("auto");

/** What convolutions pad by. Without data nothing says that a lattice is periodic: `auto` is zeros. */
export const paddingOf = (given: z.output<typeof padding>): "zero" | "periodic" =>
  given === "auto" ? "zero" : given;
