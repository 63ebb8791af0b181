import * as z from "zod";
import { sizeOf } from "../../array.ts";
import { realParameter, shapeParameter } from "../parameters.ts";

/** Complete parameters of scalar φ⁴ theory on a periodic lattice. */
export type Phi4Parameters = {
  /** Sides of the lattice, one to three. */
  readonly shape: readonly number[];
  /** m², of either sign where λ is positive. */
  readonly mass2: number;
  /** λ, not negative. */
  readonly lambda: number;
};

const sidesMessage = "give one to three sides of at least 2, such as 8x8";
const mostSites = 2 ** 20;

/**
 * Checks the parameters of φ⁴ theory, from an object or as a command line writes them. Throws AnsatzError (input) for a
 * lattice that cannot be, and for an action that has no least value.
 */
export const phi4Parameters = z
  .strictObject({
    shape: shapeParameter(sidesMessage)
      .refine(
        (shape) =>
          shape.length >= 1 &&
          shape.length <= 3 &&
          shape.every((side) => Number.isInteger(side) && side >= 2),
        { error: sidesMessage },
      )
      .refine((shape) => sizeOf(shape) <= mostSites, { error: `give at most ${mostSites} sites` }),
    mass2: realParameter("give the square of the mass, such as -4 (--mass2 on the command line)"),
    lambda: realParameter("give the coupling, such as 8 (--lambda on the command line)"),
  })
  .refine(({ mass2, lambda }) => lambda > 0 || (lambda === 0 && mass2 > 0), {
    path: ["lambda"],
    error: "the action has no least value; give a positive lambda, or 0 with a positive mass2",
  });
