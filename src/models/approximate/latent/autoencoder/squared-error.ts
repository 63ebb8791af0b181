import { levelCount, type Space, sites } from "../../../../data/space.ts";
import {
  add,
  clip,
  exp,
  floor,
  mean,
  mul,
  reshape,
  slice,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
} from "../../../../tensor/index.ts";
import type { Parameters, Symbolic } from "../../../contract.ts";
import { gaussian } from "../likelihoods/gaussian.ts";
import type { Likelihood, Real } from "../likelihoods/likelihood.ts";
import { likelihoodOf } from "../likelihoods/of-space.ts";

/**
 * The numbers of a row in the squared error |x − x̂|²: bits as 0 and 1, real numbers unchanged, grey levels
 * scaled to [0, 1], states one-hot, angles as points of the unit circle.
 */
export interface SquaredError {
  /** Numbers of a site that are compared. */
  readonly numbers: number;
  /** Number of its own parameters: units of columns. */
  readonly count: number;
  init(): Parameters;
  /** What the encoder reads and the decoder gives, `[batch, sites, numbers]`, of rows `[batch, sites]`. */
  read(parameters: Symbolic<Parameters>, x: Tensor, dtype: Real): Tensor;
  /** |x − x̂|² of each row, `[batch]`, in the units of the data, of what is read and of what the decoder gives. */
  between(parameters: Symbolic<Parameters>, read: Tensor, given: Tensor): Tensor;
  /** The row of the space that is closest to what the decoder gives, `[batch, sites]`. */
  row(parameters: Symbolic<Parameters>, given: Tensor): Tensor;
  /** Units of the data's columns, and the mean of what is read, `[sites, numbers]`. */
  adapt(
    parameters: Symbolic<Parameters>,
    x: Tensor,
    dtype: Real,
  ): { readonly parameters: Symbolic<Parameters>; readonly start: Tensor };
}

/** How rows of a space are compared. Throws AnsatzError (usage), naming the family, for spaces that have no such numbers. */
export function squaredErrorOf(family: string, space: Space): SquaredError {
  const levels = levelCount(space);
  const options = { likelihood: "auto", variance: "shared", components: 1 } as const;
  // With one unit for all columns, so that errors count as in the data.
  const reads = (
    space.kind === "real" && levels === undefined && !space.bounds
      ? gaussian(sites(space), "shared")
      : likelihoodOf(family, space, options)
  ) as Likelihood;
  /** The size of 1 of what is read, in units of the data. */
  const unit = (p: Symbolic<Parameters>): Tensor | number => {
    if (levels !== undefined) return levels / (2 * (levels - 1));
    if (space.kind === "binary") return 0.5;
    return space.kind === "real" ? exp(stopGradient(slice(p.logScale as Tensor, 0, 0, 1))) : 1;
  };
  return {
    numbers: reads.features,
    // A deviation, which nothing would train, is left out.
    count: space.kind === "real" && levels === undefined ? 2 * sites(space) : 0,
    init() {
      const { logDeviation: _, ...units } = reads.init() as Record<string, Parameters[string]>;
      return units;
    },
    read: reads.read,
    between: (p, read, given) => mul(sum(square(sub(read, given)), [1, 2]), squared(unit(p))),
    row(p, given) {
      if (levels === undefined) return reads.centre(p, given);
      const scaled = reshape(given, given.shape.slice(0, 2) as number[]);
      return add(clip(floor(mul(add(scaled, 1), levels / 2)), 0, levels - 1), 0.5);
    },
    adapt(p, x, dtype) {
      const { parameters } = reads.adapt(p, x, dtype);
      return { parameters, start: mean(reads.read(parameters, x, dtype), 0) };
    },
  };
}

const squared = (unit: Tensor | number): Tensor | number =>
  typeof unit === "number" ? unit * unit : reshape(square(unit), [1]);
