import { z } from "zod";
import type { NDArray } from "../../../array.ts";
import { type Space, sites, stateCount } from "../../../data/space.ts";
import { usageError } from "../../../error.ts";
import { glorotInit, zerosInit } from "../../../nn/init.ts";
import {
  add,
  cast,
  equal,
  less,
  matmul,
  mean,
  mul,
  reshape,
  type SymbolicKey,
  scalar,
  sigmoid,
  softplus,
  sub,
  sum,
  type Tensor,
  transpose,
  uniform,
  where,
} from "../../../tensor/index.ts";
import type { ApproximateModel, Domain, Enumeration, Family, Traced } from "../../contract.ts";
import { checkHyperparameters } from "../../hyperparameters.ts";
import { visibleSide } from "../enumerate.ts";
import { energyTraining, trainingHyperparameters } from "../options.ts";
import { column, real, referenceOf } from "../reference.ts";
import { bernoulliUnits } from "./bernoulli.ts";
import { gaussianUnits } from "./gaussian.ts";
import { pottsUnits } from "./potts.ts";
import type { VisibleParameters, VisibleUnits } from "./visible.ts";

const schema = z.strictObject({
  hidden: z.int().min(1).max(100_000).default(100).describe("hidden units"),
  ...trainingHyperparameters,
});

/** Hyperparameters of {@link rbm}, defaults filled in. */
export type RbmHyperparameters = z.output<typeof schema>;

/** Hyperparameters as they may be given: all have defaults. */
export type RbmOptions = z.input<typeof schema>;

/** An RBM's parameters. */
export type RbmParameters = {
  /** `[hidden]`. */
  readonly hidden: { readonly bias: NDArray<"f32"> };
  readonly visible: VisibleParameters;
  /** `[features, hidden]`. */
  readonly weight: NDArray<"f32">;
  readonly reference: NDArray<"f32">;
};

type P = Traced<RbmParameters>;

function unitsOf(space: Space): VisibleUnits {
  if (space.kind === "categorical") return pottsUnits(space);
  return space.kind === "real" ? gaussianUnits(space) : bernoulliUnits(space);
}

/** Terms of log Z by either side, as powers would have it: 2^hidden, and states^sites where there are states. */
function smallerSide(space: Space, hidden: number): { side: "hidden" | "visible"; terms: number } {
  const states = stateCount(space);
  const visible = states === undefined ? Number.POSITIVE_INFINITY : states ** sites(space);
  const terms = 2 ** hidden;
  return visible < terms ? { side: "visible", terms: visible } : { side: "hidden", terms };
}

/**
 * Restricted Boltzmann machine: P(v) = Σ_h exp(field(v) + c·h + features(v)·W h)/Z with hidden bits, so that for binary
 * sites E(v) = −b·v − Σ_j softplus(c_j + (v W)_j). Bernoulli visible units on binary spaces, Potts units on categorical and
 * Gaussian ones on real spaces. Chains are block Gibbs sampling on the path of Salakhutdinov & Murray (2008, equation 15).
 * Throws AnsatzError (usage) for other spaces, for a context and for hyperparameters out of range, naming them.
 */
export function makeRbm(domain: Domain, options: RbmOptions = {}): ApproximateModel<RbmParameters> {
  const { space, contextSize } = domain;
  const h = checkHyperparameters("rbm", schema, options);
  const independent = referenceOf(space, "rbm");
  if (contextSize > 0) throw usageError("rbm takes no context");
  const units = unitsOf(space);
  const { side, terms } = smallerSide(space, h.hidden);

  const input = (p: P, x: Tensor) => add(matmul(units.features(p.visible, x), p.weight), p.hidden.bias);
  const drive = (p: P, hidden: Tensor) => matmul(hidden, transpose(p.weight));
  const logWeight = (p: P, x: Tensor) => add(units.field(p.visible, x), sum(softplus(input(p, x)), 1));
  const hiddenSide = (): Enumeration<RbmParameters> => ({
    units: h.hidden,
    states: 2,
    logWeight(p, side) {
      const hidden = cast(side, p.weight.dtype);
      return add(matmul(hidden, p.hidden.bias), units.logSum(p.visible, drive(p, hidden)));
    },
    draw(p, side, key) {
      const one = scalar(1, p.weight.dtype);
      return units.draw(p.visible, p.reference, drive(p, cast(side, p.weight.dtype)), one, key);
    },
  });
  const bits = (logits: Tensor, key: SymbolicKey) =>
    cast(less(uniform(key, logits.shape, real(logits)), sigmoid(logits)), logits.dtype);

  return {
    kind: "approximate",
    family: "rbm",
    hyperparameters: h,
    space,
    contextSize,
    training: energyTraining(h, {
      family: "rbm",
      terms,
      pseudoLikelihood: space.kind !== "real",
      scoreMatching: space.kind === "real",
    }),
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
    decays: (path) => path === "weight",
    logWeight,
    path: {
      logWeight(p, x, t) {
        const own = mul(t, units.field(p.visible, x));
        const base = mul(sub(1, t), independent.logProb(p.reference, x));
        // At t = 0 the hidden units are free: softplus(0) each, taken off to leave a normalised distribution.
        const free = mul(sub(1, t), h.hidden * Math.LN2);
        return sub(add(add(own, base), sum(softplus(mul(column(t), input(p, x))), 1)), free);
      },
      draw: (p, key, batch) => independent.draw(p.reference, key, batch),
      sweep(p, x, t, key, known) {
        const hidden = bits(mul(column(t), input(p, x)), key.fold(0));
        const v = units.draw(p.visible, p.reference, drive(p, hidden), t, key.fold(1));
        return known ? where(equal(known, 1), x, v) : v;
      },
    },
    ...(Number.isSafeInteger(terms) && {
      enumeration: side === "hidden" ? hiddenSide() : visibleSide<RbmParameters>(space, logWeight),
    }),
    centred(p, gradient, data, chains) {
      // Offsets are the means over both batches, as in the enhanced gradient (Cho, Raiko & Ilin 2013).
      const both = (f: (x: Tensor) => Tensor) => mul(add(mean(f(data), 0), mean(f(chains), 0)), 0.5);
      const seen = reshape(
        both((x) => units.features(p.visible, x)),
        [units.width, 1],
      );
      const active = reshape(
        both((x) => sigmoid(input(p, x))),
        [1, h.hidden],
      );
      const { hidden, visible } = gradient;
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
export const rbm: Family<ApproximateModel<RbmParameters>> = {
  name: "rbm",
  kind: "approximate",
  summary: "restricted Boltzmann machine: hidden units that see all sites, sampled by block Gibbs chains",
  schema,
  parameterCount({ space }, options) {
    const { hidden } = checkHyperparameters("rbm", schema, options);
    const states = space.kind === "categorical" ? space.states : 1;
    const own = space.kind === "real" ? 4 : 2;
    return sites(space) * states * (hidden + own) + hidden;
  },
  create: makeRbm,
};
