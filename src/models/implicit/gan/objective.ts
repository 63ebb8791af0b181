import { adam, type Optimiser, scaled } from "../../../optim/index.ts";
import { Key } from "../../../random/key.ts";
import {
  add,
  cast,
  div,
  greater,
  less,
  mean,
  mul,
  roll,
  type SymbolicKey,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
} from "../../../tensor/index.ts";
import type { Batch, GradientPlayer, Objective, ObjectiveRequest, Parameters } from "../../contract.ts";
import { ganLosses } from "./losses.ts";
import type { GanHyperparameters } from "./options.ts";
import { drawFakes, flatRows, type GanParameters, type GanParts, scoresOf } from "./parts.ts";
import { gradientPenalty, r1Penalty, type Scores } from "./penalties.ts";
import { spectrallyNormalised, spectrallySettled, spectralState } from "./spectral.ts";
import { ganWarnings } from "./warnings.ts";

/** Graphs of the discriminator's step: with the lazy penalty, and without. */
const [PENALISED, PLAIN] = ["penalised", "plain"] as const;
/** β₂ of Adam, shorter than usual: the other player changes what gradients are. */
const BETA2 = 0.99;
/** Away from 0, where a root has no derivative. */
const TINY = 1e-12;

/** The objective of a generative adversarial network: a discriminator and a generator in turn. */
export function ganObjective(
  parts: GanParts,
  h: GanHyperparameters,
): (request: ObjectiveRequest) => Objective<GanParameters> {
  return ({ optimiser, key }) => {
    const own = ownOptimiser(optimiser, h.beta1);
    const objective: Objective<GanParameters> = {
      players: [discriminator(parts, h, scaled(own, h.rateRatio)), generator(parts, h, own)],
      warn: ganWarnings(),
    };
    if (!h.spectral) return objective;
    return {
      ...objective,
      state: spectralState(parts.discriminator.init(Key.fromSeed(0)), key.fold(0)),
      settle: (p, state) => ({ ...p, discriminator: spectrallySettled(p.discriminator, state) }),
    };
  };
}

/** Adam with the β₁ of the game in place of the usual one; any other rule as it was asked for. */
function ownOptimiser(optimiser: Optimiser, beta1: number): Optimiser {
  if (optimiser.name !== "adam") return optimiser;
  return adam({ ...optimiser.options, beta1, beta2: BETA2 });
}

/** The share of rows of data and generated rows that scores tell apart, in the mean over both. */
const accuracyOf = (real: Tensor, fake: Tensor): Tensor =>
  mul(add(mean(cast(greater(real, 0), real.dtype)), mean(cast(less(fake, 0), fake.dtype))), 0.5);

type B = Batch<GanParameters>;

/** Scores of what is read of rows in a step, as the discriminator sees them, and its state as it goes on. */
function judgeOf(parts: GanParts, { spectral }: GanHyperparameters, { parameters, context, state }: B) {
  const own = spectral
    ? spectrallyNormalised<Parameters>(parameters.discriminator, state)
    : { parameters: parameters.discriminator, state: {} };
  const p = { ...parameters, discriminator: own.parameters };
  return {
    state: own.state,
    scores: (read: Tensor, key: SymbolicKey) =>
      scoresOf(parts, p, parts.augment?.(read, key) ?? read, context),
  };
}

function discriminator(
  parts: GanParts,
  h: GanHyperparameters,
  optimiser: Optimiser,
): GradientPlayer<GanParameters> {
  const isCritic = h.loss === "wgan-gp";
  const isLazy = !isCritic && h.r1 > 0;
  return {
    name: "D",
    owns: (path) => path.startsWith("discriminator."),
    optimiser,
    updates: h.updates || (isCritic ? 5 : 1),
    ...(isLazy && { variant: (step: number): string => (step % h.r1Every === 0 ? PENALISED : PLAIN) }),
    prepare: ({ parameters, x, key, context }) => ({
      state: {},
      rows: drawFakes(parts, parameters, x.shape[0] as number, key.fold(0), context),
    }),
    loss(batch, rows) {
      const { parameters, x, key, variant } = batch;
      const fake = rows as Tensor;
      const real = parts.rows.read(parameters.units, flatRows(parts, x));
      const { scores, state } = judgeOf(parts, h, batch);
      const [ofReal, ofFake] = [scores(real, key.fold(2)), scores(fake, key.fold(3))];
      const cost = ganLosses[h.loss].discriminator(ofReal, ofFake);
      const seen = (read: Tensor) => scores(read, key.fold(2));
      const penalty = penaltyOf(h, seen, { real, fake, key: key.fold(1), variant });
      return {
        loss: penalty ? add(cost, penalty) : cost,
        parts: {
          ...(isCritic
            ? { separation: sub(mean(ofReal), mean(ofFake)) }
            : { accuracy: accuracyOf(ofReal, ofFake) }),
          ...(penalty && { penalty }),
          spread: div(spreadOf(fake), add(spreadOf(real), TINY)),
        },
        state,
      };
    },
  };
}

/** The mean distance from a row to the next one of its batch. */
function spreadOf(rows: Tensor): Tensor {
  const axes = rows.shape.slice(1).map((_, axis) => axis + 1);
  return mean(sqrt(add(sum(square(sub(rows, roll(rows, 1, 0))), axes), TINY)));
}

/** The penalty of a step, if it has one: in few steps as many times as large, its mean over steps is the same. */
function penaltyOf(
  { loss, r1, r1Every, penalty }: GanHyperparameters,
  scores: Scores,
  at: {
    readonly real: Tensor;
    readonly fake: Tensor;
    readonly key: SymbolicKey;
    readonly variant?: string | undefined;
  },
): Tensor | undefined {
  if (loss === "wgan-gp")
    return penalty > 0 ? mul(gradientPenalty(scores, at.real, at.fake, at.key), penalty) : undefined;
  return at.variant === PENALISED ? mul(r1Penalty(scores, at.real), r1 * r1Every) : undefined;
}

function generator(
  parts: GanParts,
  h: GanHyperparameters,
  optimiser: Optimiser,
): GradientPlayer<GanParameters> {
  return {
    name: "G",
    owns: (path) => !path.startsWith("discriminator."),
    optimiser,
    loss(batch) {
      const { parameters, x, key, context } = batch;
      const fake = drawFakes(parts, parameters, x.shape[0] as number, key.fold(0), context);
      // The discriminator's own updates alone move its singular vectors.
      const { scores } = judgeOf(parts, h, batch);
      return { loss: ganLosses[h.loss].generator(scores(fake, key.fold(1))) };
    },
  };
}
