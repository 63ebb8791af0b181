import * as z from "zod";
import { sizeOf } from "../../../../array.ts";
import { type Space, siteShape } from "../../../../data/space.ts";
import { usageError } from "../../../../error.ts";
import { siteStencil } from "../../../../nn/site-convolution.ts";
import { contextFeatures } from "../../../context.ts";
import type { Domain, Family } from "../../../contract.ts";
import { checkHyperparameters } from "../../../hyperparameters.ts";
import { circleBase } from "../bases/independent.ts";
import { erased } from "../bijection.ts";
import { chain } from "../bijections/chain.ts";
import { reshaping } from "../bijections/reshaping.ts";
import { type FlowModel, flowModel } from "../flow.ts";
import { latticeConditionerCount } from "../lattice/conditioner.ts";
import { circularTransform } from "../transforms/spline-transform.ts";
import { gaugeCoupling } from "./gauge-coupling.ts";
import { plaquettePairs, sidesOf } from "./pairs.ts";
import { turns } from "./turns.ts";

const schema = z.strictObject({
  /** Couplings, which move an eighth of the links each; 8 move every link once (default 16). */
  couplings: z
    .int()
    .min(1)
    .max(256)
    .default(16)
    .describe("number of couplings; each moves an eighth of the links, so 8 move every link once"),
  /** Channels of each hidden layer of a coupling's network (default 16). */
  channels: z
    .int()
    .min(1)
    .max(1024)
    .default(16)
    .describe("channels of each hidden layer of a coupling's network"),
  /** Hidden layers, each a periodic convolution (default 1). */
  layers: z.int().min(1).max(16).default(1).describe("hidden layers, each a periodic convolution"),
  /** Side of the convolutions' window, odd (default 3). */
  kernel: z
    .int()
    .min(3)
    .max(101)
    .refine((n) => n % 2 === 1, "must be odd")
    .default(3)
    .describe("side of the convolutions' window, odd"),
  /** Bins of each circular spline (default 8). */
  bins: z.int().min(2).max(500).default(8).describe("bins of each circular spline"),
});

/** Hyperparameters of {@link gaugeFlow}, defaults filled in. */
export type GaugeFlowHyperparameters = z.output<typeof schema>;

/**
 * Hyperparameters of {@link makeGaugeFlow}, all optional.
 *
 * @interface
 */
export type GaugeFlowOptions = z.input<typeof schema>;

function checkSpace(space: Space): readonly [number, number] {
  if (space.kind !== "circle")
    throw usageError(`gauge-flow models the angles of links, not a ${space.kind} space`);
  return sidesOf("gauge-flow", siteShape(space));
}

/**
 * A normalising flow of the links of two-dimensional U(1) gauge theory on a torus with even sides: uniform links, then couplings
 * that turn every second link along and across by circular splines of the plaquettes' angles, with convolutional networks of
 * gauge-invariant angles (Kanwar et al., arXiv:2003.06413). The density is the same for gauge transformations of a
 * configuration, and for its translations by even numbers of sites. Throws AnsatzError (usage) for other spaces, odd sides,
 * and hyperparameters out of range, naming them.
 */
export function makeGaugeFlow(domain: Domain, options: GaugeFlowOptions = {}): FlowModel {
  const sides = checkSpace(domain.space);
  const h = checkHyperparameters("gauge-flow", schema, options);
  const { couplings, ...rest } = h;
  const shape = siteShape(domain.space);
  const links = [sizeOf(shape)];
  const layers = Array.from({ length: couplings }, (_, k) =>
    gaugeCoupling({ ...rest, pairs: plaquettePairs(sides, k), contextSize: contextFeatures(domain) }),
  );
  return flowModel({
    family: "gauge-flow",
    hyperparameters: h,
    domain,
    base: circleBase(links),
    bijection: chain([...layers.map(erased), erased(turns(links)), erased(reshaping(links, shape))]),
  });
}

/** The family for the registry. */
export const gaugeFlow: Family<FlowModel> = {
  name: "gauge-flow",
  kind: "exact",
  summary: "normalising flow of U(1) links in two dimensions: gauge-equivariant plaquette couplings",
  schema,
  parameterCount(domain, options) {
    const { space } = domain;
    const contextSize = contextFeatures(domain);
    const sides = checkSpace(space);
    const h = checkHyperparameters("gauge-flow", schema, options);
    const { active, frozen } = plaquettePairs(sides, 0);
    const orbits = (sources: readonly number[]) =>
      siteStencil({ shape: sides, targets: active.slice(0, 1), sources, kernel: h.kernel, isotropic: false })
        .orbits;
    const { size } = circularTransform(h.bins);
    const { channels, layers } = h;
    return (
      h.couplings *
      latticeConditionerCount(
        { channels, layers, contextSize, inputs: 2, size },
        { first: orbits([...active, ...frozen]), next: orbits(active) },
      )
    );
  },
  create: (domain, hyperparameters) => makeGaugeFlow(domain, hyperparameters as GaugeFlowOptions),
};
