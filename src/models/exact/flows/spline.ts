import * as z from "zod";
import { type Space, siteShape, sites } from "../../../data/space.ts";
import { usageError } from "../../../error.ts";
import { contextFeatures } from "../../context.ts";
import type { Domain, Family } from "../../contract.ts";
import { checkHyperparameters } from "../../hyperparameters.ts";
import { coupledCore } from "./assembly/core.ts";
import { baseFor, dataLayers } from "./assembly/data-layers.ts";
import { baseHyperparameter, realLine, realLineCount } from "./assembly/real-line.ts";
import type { Base } from "./base.ts";
import { uniformBase } from "./bases/independent.ts";
import type { Bijection } from "./bijection.ts";
import { rescaled } from "./bijections/bounded.ts";
import { chain } from "./bijections/chain.ts";
import { reshaping } from "./bijections/reshaping.ts";
import { networkCount, networkHyperparameters, networkOf } from "./conditioners/network.ts";
import { periodic } from "./conditioners/periodic.ts";
import { squashed } from "./conditioners/squashed.ts";
import { type FlowModel, flowModel } from "./flow.ts";
import { invertTransform } from "./transforms/invert-transform.ts";
import { circularTransform, intervalTransform, splineTransform } from "./transforms/spline-transform.ts";

const schema = z.strictObject({
  /** Couplings, which move half the variables each (default 4). */
  couplings: z
    .int()
    .min(1)
    .max(256)
    .default(4)
    .describe("number of couplings; each moves half of the variables"),
  /** Bins of each spline (default 16). */
  bins: z.int().min(2).max(500).default(16).describe("bins of each spline"),
  /** Splines reach from −bound to bound, in standard deviations of the data; beyond is the identity (default 4). */
  bound: z
    .number()
    .positive()
    .max(100)
    .default(4)
    .describe(
      "splines reach from −bound to bound, in standard deviations of the data; beyond is the identity",
    ),
  ...networkHyperparameters,
  /** Base distribution; `student` is Student's t, for heavy tails (default `normal`). */
  base: baseHyperparameter,
  /** Seed of the permutations between couplings (default 0). */
  permutationSeed: z.int().min(0).default(0).describe("seed of the permutations between couplings"),
});

/** Hyperparameters of {@link spline}, defaults filled in. */
export type SplineHyperparameters = z.output<typeof schema>;

/**
 * Hyperparameters as they may be given: all have defaults.
 *
 * @interface
 */
export type SplineOptions = z.input<typeof schema>;

/**
 * Makes a neural spline flow: couplings that move one half of the variables by monotonic rational-quadratic
 * splines, with knots that are functions of the other half (Durkan et al., arXiv:1906.04032), on angles by
 * circular ones (Rezende et al., arXiv:2002.02428). Real spaces, bounded or not, and angles; two variables or
 * more, optional context. Throws AnsatzError (usage) for other spaces and for hyperparameters out of range,
 * naming them.
 */
export function makeSpline(domain: Domain, options: SplineOptions = {}): FlowModel {
  const { space } = domain;
  const contextSize = contextFeatures(domain);
  const h = checkHyperparameters("spline", schema, options);
  const { transform, base, layers, angles } = shapeOf(space, h);
  const plain = networkOf(h, contextSize);
  const network = h.base === "student" ? squashed(plain) : plain;
  const core = coupledCore(sites(space), {
    couplings: h.couplings,
    permutationSeed: h.permutationSeed,
    // Scoring evaluates the spline and sampling solves for it: training takes the cheaper direction.
    transform: invertTransform(transform),
    conditioner: angles ? periodic(network) : network,
  });
  return flowModel({
    family: "spline",
    hyperparameters: h,
    domain,
    base,
    bijection: chain([...core, ...layers]),
    // Steps of these small networks cost about the same for 256 rows as for 100.
    fitOptions: () => ({ batch: 256, lr: 2e-3 }),
  });
}

/** What the couplings of a space are made of, and what leads from there to the space. */
function shapeOf(
  space: Space,
  { bins, bound, base: tails }: Pick<SplineHyperparameters, "bins" | "bound" | "base">,
) {
  const flat = [sites(space)];
  const angles = space.kind === "circle";
  if (tails === "student" && (angles || (space.kind === "real" && space.bounds)))
    throw usageError("spline: base=student is for real numbers without bounds; leave it out");
  if (angles) {
    return {
      angles,
      transform: circularTransform(bins),
      base: baseFor(space),
      layers: dataLayers("spline", space),
    };
  }
  if (space.kind === "real" && space.bounds) {
    // Splines of an interval need no detour by the real line, and keep to its ends exactly.
    const layers = [rescaled(flat, space.bounds) as Bijection];
    if (siteShape(space).length > 1) layers.push(reshaping(flat, siteShape(space)) as Bijection);
    return { angles, transform: intervalTransform(bins), base: uniformBase(flat, [-1, 1]) as Base, layers };
  }
  return {
    angles,
    transform: splineTransform(bins, bound),
    ...realLine("spline", space, { base: tails, components: 1 }),
  };
}

/** The family for the registry. */
export const spline: Family<FlowModel> = {
  name: "spline",
  kind: "exact",
  summary: "normalising flow of rational-quadratic splines: sharp densities, real numbers and angles",
  schema,
  parameterCount(domain, options) {
    const { space } = domain;
    const contextSize = contextFeatures(domain);
    const h = checkHyperparameters("spline", schema, options);
    const n = sites(space);
    const half = Math.ceil(n / 2);
    const { transform, angles } = shapeOf(space, h);
    const { size } = transform;
    const inputs = angles ? 2 * half : half;
    return (
      realLineCount(n, { base: h.base, components: 1 }) +
      h.couplings * networkCount(h, { inputs, outputs: size * half, contextSize })
    );
  },
  create: (domain, hyperparameters) => makeSpline(domain, hyperparameters as SplineOptions),
};
