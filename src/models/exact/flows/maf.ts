import * as z from "zod";
import { sites } from "../../../data/space.ts";
import { activationNames } from "../../../nn/activation.ts";
import { contextFeatures } from "../../context.ts";
import type { Domain, Family } from "../../contract.ts";
import { checkHyperparameters } from "../../hyperparameters.ts";
import { layerSizes } from "../autoregressive/options.ts";
import {
  baseHyperparameter,
  componentsHyperparameter,
  realLine,
  realLineCount,
} from "./assembly/real-line.ts";
import { type Bijection, erased } from "./bijection.ts";
import { autoregressiveBijection } from "./bijections/autoregressive-bijection.ts";
import { chain } from "./bijections/chain.ts";
import { permute } from "./bijections/permutation.ts";
import { networkCount } from "./conditioners/network.ts";
import { squash } from "./conditioners/squashed.ts";
import { type FlowModel, flowModel } from "./flow.ts";
import { affineTransform } from "./transforms/affine-transform.ts";
import { invertTransform } from "./transforms/invert-transform.ts";
import { splineTransform } from "./transforms/spline-transform.ts";

const schema = z.strictObject({
  /** Autoregressive maps, each in the order reverse to the last (default 5). */
  layers: z
    .int()
    .min(1)
    .max(64)
    .default(5)
    .describe("number of autoregressive maps; each reverses the order of the one before"),
  /** Units of each hidden layer of a map's network (default [64, 64]). */
  hidden: layerSizes.default([64, 64]).describe("units of each hidden layer of a map's network"),
  /** Activation of the hidden units (default `relu`). */
  activation: z.enum(activationNames).default("relu").describe("activation of the hidden units"),
  /** How a variable is moved by those before it: stretched and shifted, or by a spline (default `affine`). */
  transform: z
    .enum(["affine", "spline"])
    .default("affine")
    .describe("map of one variable, conditioned on those before it: affine (scale and shift), or a spline"),
  /** Bins of each spline (default 8). */
  bins: z.int().min(2).max(500).default(8).describe("bins of each spline"),
  /** Splines reach from −bound to bound (default 4). */
  bound: z.number().positive().max(100).default(4).describe("splines reach from −bound to bound"),
  /** Base distribution; `student` is Student's t, for heavy tails (default `normal`). */
  base: baseHyperparameter,
  /** Normal distributions that the base mixes; 1 is the standard normal (default 1). */
  components: componentsHyperparameter,
});

/** Hyperparameters of {@link maf}, defaults filled in. */
export type MafHyperparameters = z.output<typeof schema>;

/**
 * Hyperparameters of {@link makeMaf}, all optional.
 *
 * @interface
 */
export type MafOptions = z.input<typeof schema>;

/**
 * Makes a masked autoregressive flow: each variable is moved by numbers that depend on all before it, layer
 * upon layer in alternating order (Papamakarios, Pavlakou & Murray, arXiv:1705.07057). Scoring is one pass
 * per layer, sampling one pass per variable and layer. Real spaces, bounded or not, optional context. Throws
 * AnsatzError (usage) for other spaces and for hyperparameters out of range, naming them.
 */
export function makeMaf(domain: Domain, options: MafOptions = {}): FlowModel {
  const { space } = domain;
  const contextSize = contextFeatures(domain);
  const h = checkHyperparameters("maf", schema, options);
  const { base, layers } = realLine("maf", space, h);
  const n = sites(space);
  const transform =
    h.transform === "spline" ? invertTransform(splineTransform(h.bins, h.bound)) : affineTransform();
  const reverse = permute(Uint32Array.from({ length: n }, (_, i) => n - 1 - i)) as Bijection;
  const read = h.base === "student" ? squash : undefined;
  const network = { hidden: h.hidden, activation: h.activation, contextSize };
  const core = Array.from({ length: h.layers }, (_, i) => {
    const map = erased(autoregressiveBijection(n, transform, network, read));
    return i === 0 || n === 1 ? [map] : [reverse, map];
  }).flat();
  return flowModel({
    family: "maf",
    hyperparameters: h,
    domain,
    base,
    bijection: chain([...core, ...layers]),
  });
}

/** The family for the registry. */
export const maf: Family<FlowModel> = {
  name: "maf",
  kind: "exact",
  summary: "masked autoregressive flow: each real number given those before it, one pass to score",
  schema,
  parameterCount(domain, options) {
    const { space } = domain;
    const contextSize = contextFeatures(domain);
    const h = checkHyperparameters("maf", schema, options);
    const n = sites(space);
    const outputs = n * (h.transform === "spline" ? 3 * h.bins - 1 : 2);
    const one = networkCount({ ...h, residual: false }, { inputs: n, outputs, contextSize });
    return realLineCount(n, h) + h.layers * (one + contextSize * outputs);
  },
  create: (domain, hyperparameters) => makeMaf(domain, hyperparameters as MafOptions),
};
