import { z } from "zod";
import { sites } from "../../../data/space.ts";
import type { Domain, ExactModel, Family } from "../../contract.ts";
import { checkHyperparameters } from "../../hyperparameters.ts";
import { chain } from "./chain.ts";
import { coupledCore } from "./core.ts";
import { baseFor, dataLayers } from "./data-layers.ts";
import { type FlowParameters, flowModel } from "./flow.ts";
import { networkCount, networkHyperparameters, networkOf } from "./network.ts";
import { periodic } from "./periodic.ts";
import { circularTransform, splineTransform } from "./spline-transform.ts";
import { invertTransform } from "./transform.ts";

const schema = z.strictObject({
  couplings: z.int().min(1).max(256).default(4).describe("couplings, which move half the variables each"),
  bins: z.int().min(2).max(500).default(16).describe("bins of each spline"),
  bound: z
    .number()
    .positive()
    .max(100)
    .default(4)
    .describe(
      "splines reach from −bound to bound, in standard deviations of the data; beyond is the identity",
    ),
  ...networkHyperparameters,
  permutationSeed: z.int().min(0).default(0).describe("seed of the permutations between couplings"),
});

/** Hyperparameters of {@link spline}, defaults filled in. */
export type SplineHyperparameters = z.output<typeof schema>;

/** Hyperparameters as they may be given: all have defaults. */
export type SplineOptions = z.input<typeof schema>;

/**
 * A neural spline flow: couplings that move one half of the variables by monotonic rational-quadratic splines whose knots are
 * functions of the other half (Durkan et al., arXiv:1906.04032), on angles by circular ones (Rezende et al.,
 * arXiv:2002.02428). Real spaces, bounded or not, and angles; two variables or more, optional real context.
 * Throws AnsatzError (usage) for other spaces and for hyperparameters out of range, naming them.
 */
export function makeSpline(domain: Domain, options: SplineOptions = {}): ExactModel<FlowParameters> {
  const { space, contextSize } = domain;
  const h = checkHyperparameters("spline", schema, options);
  const layers = dataLayers("spline", space);
  const network = networkOf(h, contextSize);
  const circular = space.kind === "circle";
  // Scoring evaluates the spline and sampling solves for it: training takes the cheaper direction.
  const transform = invertTransform(circular ? circularTransform(h.bins) : splineTransform(h.bins, h.bound));
  const core = coupledCore(sites(space), {
    couplings: h.couplings,
    permutationSeed: h.permutationSeed,
    transform,
    conditioner: circular ? periodic(network) : network,
  });
  return flowModel({
    family: "spline",
    hyperparameters: h,
    domain,
    base: baseFor(space),
    bijection: chain([...core, ...layers]),
  });
}

/** The family for the registry. */
export const spline: Family<ExactModel<FlowParameters>> = {
  name: "spline",
  kind: "exact",
  summary: "normalising flow of rational-quadratic splines: sharp densities, real numbers and angles",
  schema,
  parameterCount({ space, contextSize }, options) {
    const h = checkHyperparameters("spline", schema, options);
    const n = sites(space);
    const half = Math.ceil(n / 2);
    const circular = space.kind === "circle";
    const size = 3 * h.bins + (circular ? 1 : -1);
    const inputs = circular ? 2 * half : half;
    return 2 * n + h.couplings * networkCount(h, { inputs, outputs: size * half, contextSize });
  },
  create: (domain, hyperparameters) => makeSpline(domain, hyperparameters as SplineOptions),
};
