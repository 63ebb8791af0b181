import * as z from "zod";
import type { NDArray } from "../../../array.ts";
import { sites } from "../../../data/space.ts";
import { glorotInit, zerosInit } from "../../../nn/init.ts";
import {
  add,
  matmul,
  mean,
  mul,
  reshape,
  sigmoid,
  sub,
  sum,
  type Tensor,
  transpose,
} from "../../../tensor/index.ts";
import { constantColumns } from "../../constant-columns.ts";
import type { Domain, EnergyModel, Family, Symbolic } from "../../contract.ts";
import { checkHyperparameters } from "../../hyperparameters.ts";
import { trainingHyperparameters } from "../options.ts";
import { type Connections, independentSites, restricted, unitsOf } from "./restricted.ts";
import type { VisibleParameters } from "./visible.ts";

const schema = z.strictObject({
  /** Hidden units (default 100). */
  hidden: z.int().min(1).max(100_000).default(100).describe("hidden units"),
  ...trainingHyperparameters,
});

/** Hyperparameters of {@link rbm}, defaults filled in. */
export type RbmHyperparameters = z.output<typeof schema>;

/**
 * Hyperparameters of {@link makeRbm}, all optional.
 *
 * @interface
 */
export type RbmOptions = z.input<typeof schema>;

/** An RBM's parameters. */
export type RbmParameters = {
  /** Bias of the hidden units, `[hidden]`. */
  readonly hidden: { readonly bias: NDArray<"f32"> };
  /** Numbers of the sites themselves: biases, and for real sites their scale. */
  readonly visible: VisibleParameters;
  /** `[features, hidden]`. */
  readonly weight: NDArray<"f32">;
  /**
   * The independent sites that the tempered path starts from, set from the data: `[sites]`, `[sites, states]` or `[2,
   * sites]`.
   */
  readonly reference: NDArray<"f32">;
};

type P = Symbolic<RbmParameters>;

/**
 * Restricted Boltzmann machine: P(v) = Σ_h exp(field(v) + c·h + features(v)·W h)/Z with hidden bits, so that for binary
 * sites E(v) = −b·v − Σ_j softplus(c_j + (v W)_j). Bernoulli visible units on binary spaces, Potts units on categorical and
 * Gaussian ones on real spaces. Throws AnsatzError (usage) for other spaces, for a context and for hyperparameters out of
 * range, naming them.
 */
export function makeRbm(domain: Domain, options: RbmOptions = {}): EnergyModel<RbmParameters> {
  const { space } = domain;
  const h = checkHyperparameters("rbm", schema, options);
  const independent = independentSites(domain, "rbm");
  const units = unitsOf(space);
  const connections: Connections<RbmParameters> = {
    hidden: h.hidden,
    input: (p, features) => add(matmul(features, p.weight), p.hidden.bias),
    drive: (p, hidden) => matmul(hidden, transpose(p.weight)),
    bias: (p) => p.hidden.bias,
    visible: (p) => p.visible,
  };
  return {
    family: "rbm",
    hyperparameters: h,
    ...restricted("rbm", domain, connections, h),
    init: (key) => ({
      hidden: { bias: zerosInit([h.hidden]) },
      visible: units.init(),
      weight: glorotInit(key, units.width, h.hidden),
      reference: independent.flat(),
    }),
    adapt(p, x) {
      const reference = independent.fit(x);
      return { ...p, visible: units.adapt(p.visible, reference, x), reference };
    },
    ...(space.kind === "real" && { refusesTraining: constantColumns(space) }),
    decays: (path) => path === "weight",
    centred(p, gradient, data, chains) {
      // Offsets are the means over both batches, as in the enhanced gradient (Cho, Raiko & Ilin 2013).
      const both = (f: (x: Tensor) => Tensor) => mul(add(mean(f(data), 0), mean(f(chains), 0)), 0.5);
      const features = (x: Tensor) => units.features(p.visible, x);
      const seen = reshape(both(features), [units.width, 1]);
      const active = reshape(
        both((x) => sigmoid(connections.input(p, features(x)))),
        [1, h.hidden],
      );
      const { hidden, visible } = gradient as P;
      const bias = reshape(visible.bias as Tensor, [units.width, 1]);
      const weight = sub(sub(gradient.weight, mul(seen, hidden.bias)), mul(bias, active));
      return {
        ...gradient,
        weight,
        hidden: { bias: sub(hidden.bias, sum(mul(weight, seen), 0)) },
        visible: { ...visible, bias: sub(visible.bias as Tensor, sum(mul(weight, active), 1)) },
      };
    },
  };
}

/** RBM on binary, categorical and real data. */
export const rbm: Family<EnergyModel<RbmParameters>> = {
  name: "rbm",
  kind: "energy",
  summary: "restricted Boltzmann machine: hidden bits that see all sites, sampled by block Gibbs chains",
  schema,
  parameterCount({ space }, options) {
    const { hidden } = checkHyperparameters("rbm", schema, options);
    const states = space.kind === "categorical" ? space.states : 1;
    const own = space.kind === "real" ? 4 : 2;
    return sites(space) * states * (hidden + own) + hidden;
  },
  create: makeRbm,
};
