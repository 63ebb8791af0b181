import * as z from "zod";
import { type Space, sites } from "../../../../data/space.ts";
import { usageError } from "../../../../error.ts";
import type { Tensor } from "../../../../tensor/index.ts";
import type { Base } from "../base.ts";
import { mixtureBase } from "../bases/mixture.ts";
import { studentBase } from "../bases/student.ts";
import { studentFit } from "../bases/student-fit.ts";
import type { Bijection } from "../bijection.ts";
import { baseFor, dataLayers } from "./data-layers.ts";

/** The hyperparameter that chooses the tails of the base. */
export const baseHyperparameter = z
  .enum(["normal", "student"])
  .default("normal")
  .describe("base distribution; student is Student's t with learned degrees of freedom, for heavy tails");

/** The hyperparameter of the base that {@link realLine} makes. */
export const componentsHyperparameter = z
  .int()
  .min(1)
  .max(1000)
  .default(1)
  .describe("normal distributions that the base mixes; 1 is the standard normal");

/** What both ends of a flow of real numbers are made of. */
export interface RealLineOptions {
  /** The tails of the base. */
  readonly base: z.output<typeof baseHyperparameter>;
  /** Normal distributions that the base mixes. */
  readonly components: number;
}

/**
 * Returns both ends of a flow of real numbers: its base (a mixture of `components` normal distributions, the
 * standard normal for one, or Student's distribution) and the layers from the core to the space. With
 * Student's base the units of columns are those of its fit, which is robust to outliers. Throws AnsatzError
 * (usage), naming the family, for other spaces, and for a mixture of Student's.
 */
export function realLine(
  family: string,
  space: Space,
  { base, components }: RealLineOptions,
): { readonly base: Base; readonly layers: readonly Bijection[] } {
  const isStudent = base === "student";
  const layers = dataLayers(family, space, isStudent ? studentUnits : undefined);
  if (space.kind === "circle")
    throw usageError(`${family} models real numbers; for angles use spline, which is periodic`);
  if (isStudent && components > 1)
    throw usageError(`${family}: components mixes normal distributions; leave it out with base=student`);
  const flat = [sites(space)];
  if (isStudent) return { base: studentBase(flat) as Base, layers };
  return { base: components === 1 ? baseFor(space) : (mixtureBase(flat, components) as Base), layers };
}

/**
 * Location and scale of Student's fit: only the parameters of an affine map, as they are matched one by one.
 */
function studentUnits(x: Tensor) {
  const { shift, logScale } = studentFit(x);
  return { shift, logScale };
}

/**
 * Returns the number of parameters of both ends over `n` numbers: those of the base, and a scale and a shift
 * each.
 */
export function realLineCount(n: number, { base, components }: RealLineOptions): number {
  const ofBase = base === "student" ? n : components === 1 ? 0 : components * (2 * n + 1);
  return ofBase + 2 * n;
}
