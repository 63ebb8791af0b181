import {
  customGradient,
  logMeanExp,
  maximum,
  mean,
  mul,
  neg,
  normal,
  reshape,
  softmax,
  stopGradient,
  sub,
  sum,
  type Tensor,
} from "../../../../tensor/index.ts";
import { isTensor } from "../../../../tensor/tensor.ts";
import { mapTree } from "../../../../tensor/tree.ts";
import type { Batch, LossResult, Objective, ObjectiveRequest, Symbolic } from "../../../contract.ts";
import { encodeRows, logLikelihood, repeated, type VaeParameters, type VaeParts } from "./parts.ts";

/** What a variational autoencoder is trained by. */
export interface VaeTraining {
  /** Draws of z for each row; the loss of several is the importance-weighted bound. */
  readonly draws: number;
  /** Weight of the KL divergence; 1 for the bound itself. */
  readonly beta: number;
  /** Nats of KL divergence, averaged over a batch, that each latent variable has for free. */
  readonly freeBits: number;
  /** Steps over which the weight of the KL divergence rises from 0. */
  readonly klWarmup: number;
}

/** The scalar of a step that the KL divergence is weighed by. */
const KNOB = "klWeight";

type B = Batch<VaeParameters>;

/**
 * The objective of a variational autoencoder: the evidence lower bound (Kingma & Welling, arXiv:1312.6114, equation 3), with a
 * weight β of the KL divergence and free bits (Kingma et al., arXiv:1606.04934, appendix C.8), or the importance-weighted
 * bound of several draws (Burda, Grosse & Salakhutdinov, arXiv:1509.00519).
 */
export function vaeObjective(
  parts: VaeParts,
  training: VaeTraining,
): (request: ObjectiveRequest) => Objective<VaeParameters> {
  const { draws, beta, freeBits, klWarmup } = training;
  const isBound = beta === 1 && freeBits === 0 && klWarmup === 0;
  const weighed = (knobs: B["knobs"], divergence: Tensor) =>
    mul(divergence, klWarmup > 0 ? (knobs[KNOB] as Tensor) : beta);
  return ({ optimiser }) => ({
    players: [
      {
        ...{ name: isBound ? "NLL bound" : "objective", unit: "nats" },
        optimiser,
        loss: (batch) =>
          draws === 1
            ? singleLoss(parts, batch, freeBits, weighed)
            : weightedLoss(parts, batch, draws, weighed),
      },
    ],
    ...(klWarmup > 0 && {
      knobs: (step) => ({ [KNOB]: beta * Math.min(1, (step + 1) / klWarmup) }),
    }),
  });
}

type Weighed = (knobs: B["knobs"], divergence: Tensor) => Tensor;

/** The loss of one draw a row. The KL divergence from the standard normal distribution is in closed form, others are drawn. */
function singleLoss(
  parts: VaeParts,
  { parameters: p, x, key, context, knobs }: B,
  freeBits: number,
  weighed: Weighed,
): LossResult {
  const { posterior, prior, size } = parts;
  const encoded = encodeRows(parts, p, x, context);
  const noise = normal(key, [x.shape[0] as number, size], encoded.dtype as "f32");
  const { z, logProb } = posterior.draw(p.posterior, encoded, noise);
  const reconstruction = mean(logLikelihood(parts, p, x, z, context));
  // The mean over the batch: of each variable where they are independent, else of all together.
  const [divergence, free] =
    prior.standard && posterior.divergence
      ? [mean(posterior.divergence(encoded), 0), freeBits]
      : [reshape(mean(sub(logProb, prior.logProb(p.prior, z))), [1]), freeBits * size];
  const penalty = sum(free > 0 ? maximum(divergence, free) : divergence);
  return {
    loss: sub(weighed(knobs, penalty), reconstruction),
    parts: { reconstruction, KL: sum(divergence) },
  };
}

/**
 * The loss of several draws per row. Its gradient by the encoder is the doubly reparameterised one (Tucker et
 * al., arXiv:1810.04152, equation 8): the gradient of each z is weighted by the square of its normalised
 * weight, and the density q contributes none.
 */
function weightedLoss(
  parts: VaeParts,
  { parameters: p, x, key, context, knobs }: B,
  draws: number,
  weighed: Weighed,
): LossResult {
  const { posterior, prior, size } = parts;
  const batch = x.shape[0] as number;
  const encoded = repeated(encodeRows(parts, p, x, context), draws);
  const noise = normal(key, [batch * draws, size], encoded.dtype as "f32");
  const { z } = posterior.draw(p.posterior, encoded, noise);
  const rows = repeated(x, draws);
  const given = context && repeated(context, draws);
  const fixed = mapTree(p.posterior, isTensor, stopGradient) as Symbolic<VaeParameters>["posterior"];
  const logWeight = (at: Tensor) => {
    const reconstruction = logLikelihood(parts, p, rows, at, given);
    const divergence = sub(posterior.logProb(fixed, stopGradient(encoded), at), prior.logProb(p.prior, at));
    const all = reshape(sub(reconstruction, weighed(knobs, divergence)), [batch, draws]);
    return { all, reconstruction, divergence };
  };
  // The same sums twice in the graph's text and once in the graph: equal expressions are merged.
  const share = stopGradient(reshape(softmax(logWeight(z).all, 1), [batch * draws, 1]));
  const [slowed] = customGradient(
    (all) => [all as Tensor],
    ([g], [, weights]) => [g && mul(g, weights as Tensor), undefined],
  )(z, share);
  const { all, reconstruction, divergence } = logWeight(slowed as Tensor);
  return {
    loss: neg(mean(logMeanExp(all, 1))),
    parts: { reconstruction: mean(reconstruction), KL: mean(divergence) },
  };
}

/** log P(x | z) + log P(z) − log q(z | x) of one draw a row, `[batch]`, and its parts. */
export function boundDraw(
  parts: VaeParts,
  { parameters: p, x, key, context }: Pick<B, "parameters" | "x" | "key" | "context">,
) {
  const { posterior, prior, size } = parts;
  const encoded = encodeRows(parts, p, x, context);
  const noise = normal(key, [x.shape[0] as number, size], encoded.dtype as "f32");
  const { z, logProb } = posterior.draw(p.posterior, encoded, noise);
  const reconstruction = logLikelihood(parts, p, x, z, context);
  const KL = sub(logProb, prior.logProb(p.prior, z));
  return { bound: sub(reconstruction, KL), parts: { reconstruction, KL } };
}
