import { type Space, sites, stateCount } from "../../../data/space.ts";
import { usageError } from "../../../error.ts";
import {
  add,
  cast,
  equal,
  less,
  matmul,
  mul,
  type SymbolicKey,
  scalar,
  sigmoid,
  softplus,
  sub,
  sum,
  type Tensor,
  uniform,
  where,
} from "../../../tensor/index.ts";
import type { Domain, EnergyModel, EnergyParameters, Enumeration, Symbolic } from "../../contract.ts";
import { visibleSide } from "../enumerate.ts";
import { energyTraining, type TrainingHyperparameters } from "../options.ts";
import { column, type Reference, real, referenceOf } from "../reference.ts";
import { bernoulliUnits } from "./bernoulli.ts";
import { gaussianUnits } from "./gaussian.ts";
import { pottsUnits } from "./potts.ts";
import type { VisibleParameters, VisibleUnits } from "./visible.ts";

/** How visible units and hidden bits of a family are joined; everything else of a restricted Boltzmann machine follows. */
export interface Connections<P extends EnergyParameters> {
  /** Hidden units. */
  readonly hidden: number;
  /** What the hidden units get from features `[batch, width]`, their biases included: `[batch, hidden]`. */
  input(p: Symbolic<P>, features: Tensor): Tensor;
  /** What the features get from hidden units `[batch, hidden]`: `[batch, width]`. */
  drive(p: Symbolic<P>, hidden: Tensor): Tensor;
  /** Biases of the hidden units, `[hidden]`. */
  bias(p: Symbolic<P>): Tensor;
  /** The visible units' own parameters. */
  visible(p: Symbolic<P>): Symbolic<VisibleParameters>;
}

/** What a restricted Boltzmann machine has in addition to its parameters. */
export type Restricted<P extends EnergyParameters> = Pick<
  EnergyModel<P>,
  "kind" | "space" | "context" | "logWeight" | "path" | "enumeration" | "training"
>;

/** The visible units of a space. */
export function unitsOf(space: Space): VisibleUnits {
  if (space.kind === "categorical") return pottsUnits(space);
  return space.kind === "real" ? gaussianUnits(space) : bernoulliUnits(space);
}

/**
 * Returns the independent sites of a domain; throws AnsatzError (usage) for a space without them, or a
 * context.
 */
export function independentSites({ space, context }: Domain, family: string): Reference {
  const independent = referenceOf(space, family);
  if (context) throw usageError(`${family} does not take a context`);
  return independent;
}

/** Number of terms of log Z by either side: 2^hidden, and states^sites for discrete sites. */
function smallerSide(space: Space, hidden: number): { side: "hidden" | "visible"; terms: number } {
  const states = stateCount(space);
  const visible = states === undefined ? Number.POSITIVE_INFINITY : states ** sites(space);
  const terms = 2 ** hidden;
  return visible < terms ? { side: "visible", terms: visible } : { side: "hidden", terms };
}

/**
 * log P + log Z = field(v) + Σ_j softplus(input_j(v)) with hidden bits summed over, its path
 * f_t = reference^(1−t) exp(t field(v)) Π_j (1 + exp(t input_j)) (Salakhutdinov & Murray 2008, equation 15) and block
 * Gibbs sampling on it, and sums over the smaller side.
 */
export function restricted<P extends EnergyParameters>(
  family: string,
  domain: Domain,
  c: Connections<P>,
  h: TrainingHyperparameters,
): Restricted<P> {
  const { space } = domain;
  const independent = independentSites(domain, family);
  const units = unitsOf(space);
  const { side, terms } = smallerSide(space, c.hidden);
  const input = (p: Symbolic<P>, x: Tensor) => c.input(p, units.features(c.visible(p), x));
  const logWeight = (p: Symbolic<P>, x: Tensor) =>
    add(units.field(c.visible(p), x), sum(softplus(input(p, x)), 1));
  const bits = (logits: Tensor, key: SymbolicKey) =>
    cast(less(uniform(key, logits.shape, real(logits)), sigmoid(logits)), logits.dtype);
  const hiddenSide: Enumeration<P> = {
    units: c.hidden,
    states: 2,
    logWeight(p, states) {
      const hidden = cast(states, c.bias(p).dtype);
      return add(matmul(hidden, c.bias(p)), units.logSum(c.visible(p), c.drive(p, hidden)));
    },
    draw(p, states, key) {
      const one = scalar(1, c.bias(p).dtype);
      const drive = c.drive(p, cast(states, one.dtype));
      return units.draw(c.visible(p), p.reference as Tensor, drive, one, key);
    },
  };
  return {
    kind: "energy",
    ...{ space, logWeight },
    training: energyTraining(h, {
      ...{ family, terms },
      pseudoLikelihood: space.kind !== "real",
      scoreMatching: space.kind === "real",
    }),
    path: {
      logWeight(p, x, t) {
        const own = mul(t, units.field(c.visible(p), x));
        const base = mul(sub(1, t), independent.logProb(p.reference as Tensor, x));
        // At t = 0 the hidden units are free: softplus(0) each, taken off to leave a normalised distribution.
        const free = mul(sub(1, t), c.hidden * Math.LN2);
        return sub(add(add(own, base), sum(softplus(mul(column(t), input(p, x))), 1)), free);
      },
      draw: (p, key, batch) => independent.draw(p.reference as Tensor, key, batch),
      sweep(p, x, t, key, known) {
        const hidden = bits(mul(column(t), input(p, x)), key.fold(0));
        const drive = c.drive(p, hidden);
        const v = units.draw(c.visible(p), p.reference as Tensor, drive, t, key.fold(1));
        return known ? where(equal(known, 1), x, v) : v;
      },
    },
    ...(Number.isSafeInteger(terms) && {
      enumeration: side === "hidden" ? hiddenSide : visibleSide<P>(space, logWeight),
    }),
  };
}
