import type { SymmetryName } from "../../data/symmetry.ts";
import type { Lattice } from "./lattice.ts";

/** The symmetries of a lattice. The diagonal of the triangular one is lost in a mirror along an axis and in a quarter turn. */
export function latticeSymmetries({ kind, shape }: Lattice): SymmetryName[] {
  if (kind === "triangular") return ["translations"];
  const equal = new Set(shape).size < shape.length;
  return ["translations", "reflections", ...(equal ? (["rotations"] as const) : [])];
}
