import type { NDArray } from "../../../array.ts";
import { circle, real, siteShape, sites } from "../../../data/space.ts";
import { numbers } from "../../../data/values.ts";
import { usageError } from "../../../error.ts";
import { add, mean, neg, sub } from "../../../tensor/index.ts";
import { BATCH } from "../../../tensor/shape.ts";
import { isTensor } from "../../../tensor/tensor.ts";
import { leaves } from "../../../tensor/tree.ts";
import { constantColumns } from "../../constant-columns.ts";
import { contextReader } from "../../context.ts";
import type { Domain, ExactModel, Flow, HasCodes, ModelBase, Parameters } from "../../contract.ts";
import { doubtfulColumns } from "../../doubtful-columns.ts";
import type { Base } from "./base.ts";
import type { Bijection } from "./bijection.ts";

/** The parameters of a `flowModel`. */
export type FlowParameters<B extends Parameters = Parameters, P extends Parameters = Parameters> = {
  /** Parameters of the distribution that noise is drawn from; empty if it has none. */
  readonly base: B;
  /** Parameters of the bijection from noise to data. */
  readonly bijection: P;
};

/** An exact model by a flow; its noise is a code of its rows, exact both ways. */
export type FlowModel<P extends Parameters = FlowParameters> = ExactModel<P> &
  HasCodes<P> & {
    /** x = g(z). */
    readonly flow: Flow<P>;
  };

/** What a `flowModel` is made of. */
export interface FlowParts<B extends Parameters, P extends Parameters> {
  readonly family: string;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  readonly domain: Domain;
  readonly base: Base<B>;
  /** From the base's shape to configurations of the space. */
  readonly bijection: Bijection<P>;
  /** See `ModelBase.fitOptions`. */
  readonly fitOptions?: ModelBase["fitOptions"];
}

/**
 * The exact model x = g(z) with z from a base distribution: log P(x) = log q(g⁻¹(x)) + log |det ∂g⁻¹/∂x| (Rezende & Mohamed,
 * arXiv:1505.05770; Papamakarios et al., arXiv:1912.02762, equation 3). Throws AnsatzError (usage) where shapes do not
 * meet.
 */
export function flowModel<B extends Parameters, P extends Parameters>({
  family,
  hyperparameters,
  domain,
  base,
  bijection,
  fitOptions,
}: FlowParts<B, P>): FlowModel<FlowParameters<B, P>> {
  const { space } = domain;
  const same = (a: readonly number[], b: readonly number[]) => a.join() === b.join();
  if (!same(base.shape, bijection.latentShape) || !same(bijection.dataShape, siteShape(space)))
    throw usageError(
      `a bijection from [${bijection.latentShape}] to [${bijection.dataShape}] does not connect a base of shape [${base.shape}] ` +
        `to configurations of shape [${siteShape(space)}]`,
    );
  const { adapt } = bijection;
  const read = contextReader(domain.context);
  const flow: Flow<FlowParameters<B, P>> = {
    latentShape: base.shape,
    base(p, key) {
      const z = base.sample(p.base, key, BATCH, realType(p));
      return { z, logProb: base.logProb(p.base, z) };
    },
    forward(p, z, context) {
      const { value, logDet } = bijection.forward(p.bijection, z, read(context));
      return { x: value, logDet };
    },
    inverse(p, x, context) {
      const { value, logDet } = bijection.inverse(p.bijection, x, read(context));
      return { z: value, logDet };
    },
  };
  const logProb: ExactModel<FlowParameters<B, P>>["logProb"] = (p, x, context) => {
    const { z, logDet } = flow.inverse(p, x, context);
    return add(base.logProb(p.base, z), logDet);
  };
  return {
    kind: "exact",
    family,
    hyperparameters,
    space,
    context: domain.context,
    init: (key) => ({ base: base.init(key.fold(0)), bijection: bijection.init(key.fold(1)) }),
    logProb,
    loss: (p, x, _, context) => neg(mean(logProb(p, x, context))),
    sample(p, key, context) {
      const { z, logProb: logBase } = flow.base(p, key);
      const { x, logDet } = flow.forward(p, z, context);
      return { x, logProb: sub(logBase, logDet) };
    },
    flow,
    coding: {
      codes: space.kind === "circle" ? circle(base.shape) : real(base.shape),
      invertible: true,
      encode: (p, x, context) => flow.inverse(p, x, context).z,
      decode: (p, z, context) => flow.forward(p, z, context).x,
      draw: (p, key) => flow.base(p, key).z,
      ...(base.walk && { walk: base.walk }),
    },
    ...((adapt || base.adapt) && {
      adapt(p, x, context) {
        const moved = adapt ? adapt(p.bijection, x, read(context)) : p.bijection;
        if (!base.adapt) return { ...p, bijection: moved };
        const { value } = bijection.inverse(moved, x, read(context));
        return { base: base.adapt(p.base, value), bijection: moved };
      },
    }),
    ...(fitOptions && { fitOptions }),
    ...(bijection.masks && { masks: prefixed("bijection", bijection.masks) }),
    decays: (path) => path.startsWith("bijection.") && (bijection.decays?.(path.slice(10)) ?? true),
    ...(space.kind === "real" && space.bounds && { refuses: outside(space.bounds, sites(space)) }),
    refusesTraining: constantColumns(space),
    ...(space.kind === "real" && { doubtsTraining: doubtfulColumns(space) }),
  };
}

const realType = (parameters: unknown) => leaves(parameters, isTensor)[0]?.dtype as "f32" | "f64";

const prefixed = (prefix: string, masks: Readonly<Record<string, Float32Array>>) =>
  Object.fromEntries(Object.entries(masks).map(([path, mask]) => [`${prefix}.${path}`, mask]));

/** Names the first row with a value outside the support. */
function outside([low, high]: readonly [number, number], n: number): (x: NDArray) => string | undefined {
  return (x) => {
    const values = numbers(x);
    for (let i = 0; i < values.length; i++) {
      const v = values[i] as number;
      if (!(v >= low && v <= high))
        return `row ${Math.floor(i / n)}, column ${i % n} has the value ${v}, outside the support [${low}, ${high}]`;
    }
    return undefined;
  };
}
