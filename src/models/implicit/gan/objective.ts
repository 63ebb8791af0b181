import { adam, type Optimiser, scaled } from "../../../optim/index.ts";
import {
  add,
  cast,
  greater,
  less,
  mean,
  mul,
  type SymbolicKey,
  sub,
  type Tensor,
} from "../../../tensor/index.ts";
import type { GradientPlayer, Objective, ObjectiveRequest, Symbolic } from "../../contract.ts";
import { ganLosses } from "./losses.ts";
import type { GanHyperparameters } from "./options.ts";
import { drawFakes, flatRows, type GanParameters, type GanParts, scoresOf } from "./parts.ts";
import { gradientPenalty, r1Penalty } from "./penalties.ts";

type P = Symbolic<GanParameters>;

/** Graphs of the discriminator's step: with the lazy penalty, and without. */
const [PENALISED, PLAIN] = ["penalised", "plain"];

/** The objective of a generative adversarial network: a discriminator and a generator in turn. */
export function ganObjective(
  parts: GanParts,
  h: GanHyperparameters,
): (request: ObjectiveRequest) => Objective<GanParameters> {
  return ({ optimiser }) => {
    const own = ownOptimiser(optimiser, h.beta1);
    return {
      players: [discriminator(parts, h, scaled(own, h.rateRatio)), generator(parts, h, own)],
    };
  };
}

/** Adam with the β₁ of the game in place of the usual one; any other rule as it was asked for. */
function ownOptimiser(optimiser: Optimiser, beta1: number): Optimiser {
  if (optimiser.name !== "adam") return optimiser;
  return adam({ ...optimiser.options, beta1, beta2: 0.99 });
}

/** The share of rows of data and generated rows that scores tell apart, in the mean over both. */
const accuracyOf = (real: Tensor, fake: Tensor): Tensor =>
  mul(add(mean(cast(greater(real, 0), real.dtype)), mean(cast(less(fake, 0), fake.dtype))), 0.5);

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
    ...(isLazy && { variant: (step: number) => (step % h.r1Every === 0 ? PENALISED : PLAIN) as string }),
    prepare: ({ parameters, x, key, context }) => ({
      state: {},
      rows: drawFakes(parts, parameters, x.shape[0] as number, key.fold(0), context),
    }),
    loss({ parameters, x, key, context, variant }, rows) {
      const fake = rows as Tensor;
      const real = parts.rows.read(parameters.units, flatRows(parts, x));
      const scores = (read: Tensor) => scoresOf(parts, parameters, read, context);
      const [ofReal, ofFake] = [scores(real), scores(fake)];
      const cost = ganLosses[h.loss].discriminator(ofReal, ofFake);
      const penalty = penaltyOf(h, scores, { real, fake, key: key.fold(1), variant });
      return {
        loss: penalty ? add(cost, penalty) : cost,
        parts: {
          ...(isCritic
            ? { separation: sub(mean(ofReal), mean(ofFake)) }
            : { accuracy: accuracyOf(ofReal, ofFake) }),
          ...(penalty && { penalty }),
        },
      };
    },
  };
}

/** The penalty of a step, if it has one: in few steps as many times as large, its mean over steps is the same. */
function penaltyOf(
  { loss, r1, r1Every, penalty }: GanHyperparameters,
  scores: (read: Tensor) => Tensor,
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
    loss({ parameters, x, key, context }) {
      const fake = drawFakes(parts, parameters as P, x.shape[0] as number, key, context);
      return { loss: ganLosses[h.loss].generator(scoresOf(parts, parameters, fake, context)) };
    },
  };
}
