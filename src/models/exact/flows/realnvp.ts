import * as z from "zod";
import { sites } from "../../../data/space.ts";
import { contextFeatures } from "../../context.ts";
import type { Domain, Family } from "../../contract.ts";
import { checkHyperparameters } from "../../hyperparameters.ts";
import { coupledCore } from "./assembly/core.ts";
import {
  baseHyperparameter,
  componentsHyperparameter,
  realLine,
  realLineCount,
} from "./assembly/real-line.ts";
import { chain } from "./bijections/chain.ts";
import { networkCount, networkHyperparameters, networkOf } from "./conditioners/network.ts";
import { squashed } from "./conditioners/squashed.ts";
import { type FlowModel, flowModel } from "./flow.ts";
import { affineTransform } from "./transforms/affine-transform.ts";

const schema = z.strictObject({
  /** Couplings, which move half the variables each (default 8). */
  couplings: z
    .int()
    .min(1)
    .max(256)
    .default(8)
    .describe("number of couplings; each moves half of the variables"),
  ...networkHyperparameters,
  /** Largest |s| of a coupling's stretch exp(s) (default 3). */
  bound: z.number().positive().max(20).default(3).describe("largest |s| of a coupling's scale exp(s)"),
  /** Base distribution; `student` is Student's t, for heavy tails (default `normal`). */
  base: baseHyperparameter,
  /** Normal distributions that the base mixes; 1 is the standard normal (default 1). */
  components: componentsHyperparameter,
  /** Seed of the permutations between couplings (default 0). */
  permutationSeed: z.int().min(0).default(0).describe("seed of the permutations between couplings"),
});

/** Hyperparameters of {@link realnvp}, defaults filled in. */
export type RealnvpHyperparameters = z.output<typeof schema>;

/**
 * Hyperparameters of {@link makeRealnvp}, all optional.
 *
 * @interface
 */
export type RealnvpOptions = z.input<typeof schema>;

/**
 * RealNVP: affine couplings x = z · exp(s) + t of one half of the variables by the other, turn and turn about (Dinh,
 * Sohl-Dickstein & Bengio, arXiv:1605.08803). Real spaces of two variables or more, bounded or not, optional context.
 * Throws AnsatzError (usage) for other spaces and for hyperparameters out of range, naming them.
 */
export function makeRealnvp(domain: Domain, options: RealnvpOptions = {}): FlowModel {
  const { space } = domain;
  const contextSize = contextFeatures(domain);
  const h = checkHyperparameters("realnvp", schema, options);
  const { base, layers } = realLine("realnvp", space, h);
  const n = sites(space);
  const core = coupledCore(n, {
    couplings: h.couplings,
    permutationSeed: h.permutationSeed,
    transform: affineTransform(h.bound),
    conditioner: h.base === "student" ? squashed(networkOf(h, contextSize)) : networkOf(h, contextSize),
  });
  return flowModel({
    family: "realnvp",
    hyperparameters: h,
    domain,
    base,
    bijection: chain([...core, ...layers]),
  });
}

/** The family for the registry. */
export const realnvp: Family<FlowModel> = {
  name: "realnvp",
  kind: "exact",
  summary: "normalising flow of affine couplings: exact likelihood, one pass each way, real numbers",
  schema,
  parameterCount(domain, options) {
    const { space } = domain;
    const contextSize = contextFeatures(domain);
    const h = checkHyperparameters("realnvp", schema, options);
    const n = sites(space);
    const half = Math.ceil(n / 2);
    return (
      realLineCount(n, h) + h.couplings * networkCount(h, { inputs: half, outputs: 2 * half, contextSize })
    );
  },
  create: (domain, hyperparameters) => makeRealnvp(domain, hyperparameters as RealnvpOptions),
};
