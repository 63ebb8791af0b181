import type { ExactModel } from "./exact.ts";

/**
 * A second model, of the codes of a first one: the distribution that codes are drawn from when the first samples. A capability,
 * found at `prior` of a model that has `coding`. A fit trains the first model without it, encodes the rows once, and then fits
 * the second to their codes by its own objective.
 */
export interface CodePrior {
  /** The second model, of the space `coding.codes`. */
  readonly model: ExactModel;
  /** Where its parameters lie in those of the first: the name of one entry of the tree, such as `prior`. */
  readonly path: string;
}
