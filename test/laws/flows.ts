import { circle, real, type Space } from "../../src/data/space.ts";
import type { ExactModel } from "../../src/models/contract.ts";
import { createModel, familyNamed } from "../../src/models/registry.ts";

/** One flow in the plane that the laws are held against. */
export interface FlowCase {
  readonly name: string;
  readonly space: Space;
  readonly context?: Space | undefined;
  /** Ends of a square whose outside has next to nothing, if 15 is too little. */
  readonly reach?: number | undefined;
  readonly make: () => ExactModel;
  /** The family's estimate of the number of parameters. */
  readonly parameterCount: () => number;
}

type Line = readonly [
  family: string,
  hyperparameters: Record<string, unknown>,
  more?: { readonly space?: Space; readonly context?: Space; readonly reach?: number },
];

const plane = real([2]);
const square = real([2], [-1, 3]);
const torus = circle([2]);

/** Families of flows, what changes what they compute, and the spaces they model: a new family is its lines here. */
const lines: readonly Line[] = [
  ["realnvp", { couplings: 4, hidden: 12 }],
  ["realnvp", { couplings: 2, hidden: [6, 6], residual: true, activation: "tanh", bound: 1, components: 3 }],
  ["realnvp", { couplings: 4, hidden: 8 }, { space: square }],
  ["realnvp", { couplings: 3, hidden: 10 }, { space: real([1, 2]), context: real([2]) }],
  ["spline", { couplings: 2, bins: 6, hidden: 12 }],
  ["spline", { couplings: 3, bins: 5, bound: 3, hidden: 10 }, { space: square, context: real([1]) }],
  ["spline", { couplings: 3, bins: 6, hidden: 12 }, { space: torus }],
  ["spline", { couplings: 2, bins: 4, hidden: 12 }, { space: torus, context: real([2]) }],
  ["maf", { layers: 3, hidden: 12 }],
  [
    "maf",
    { layers: 2, hidden: [10, 8], transform: "spline", bins: 6, components: 2 },
    { context: real([2]) },
  ],
  ["maf", { layers: 3, hidden: 8 }, { space: square }],
  // Tails that fall as a power, |x|⁻⁴ here.
  ["realnvp", { couplings: 2, hidden: 8, base: "student" }, { reach: 50 }],
  [
    "realnvp",
    { couplings: 2, hidden: 6, residual: true, base: "student" },
    { reach: 50, context: real([1]) },
  ],
  ["spline", { couplings: 2, bins: 5, hidden: 8, base: "student" }, { reach: 50 }],
  ["maf", { layers: 2, hidden: 8, base: "student" }, { reach: 50 }],
];

/** Every case. */
export const flows: readonly FlowCase[] = lines.map(([family, hyperparameters, more = {}]) => {
  const { space = plane, context, reach } = more;
  const where = space.kind === "real" && space.bounds ? " in an interval" : "";
  const given = context ? " given a context" : "";
  return {
    name: `${family} ${JSON.stringify(hyperparameters)} on ${space.kind}${where} [${"shape" in space ? space.shape : ""}]${given}`,
    space,
    context,
    reach,
    make: () => createModel(family, { space, context }, hyperparameters) as ExactModel,
    parameterCount: () => familyNamed(family).parameterCount({ space, context }, hyperparameters),
  };
});
