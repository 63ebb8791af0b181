import * as z from "zod";
import { realParameter, shapeParameter } from "../parameters.ts";
import { latticeKinds } from "./lattice.ts";

/** Sides of a lattice, as every system of spins on one takes them. */
export const latticeShape = shapeParameter("give the sides of the lattice, such as 8x8");

/** Which lattice: its neighbours follow from it. */
export const latticeKind = z
  .enum(latticeKinds, { error: "give square (a chain of one side, cubic of three) or triangular" })
  .default("square");

/** The strength J of a bond. */
export const coupling = realParameter("give a number").default(1);
