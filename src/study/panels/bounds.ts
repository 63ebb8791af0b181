import { sites } from "../../data/space.ts";
import type { BoundedScore } from "../../evaluate/index.ts";
import { contextCurve } from "../../report/index.ts";
import { perSite } from "../../stats/index.ts";
import type { TrainEvent } from "../../train/event.ts";
import type { FitSubject } from "../fit-subject.ts";
import type { Figure, Panel } from "../study.ts";

/** Bounds of a model with latent variables against the number of weights, and how rate and distortion came about. */
export const bounds: Panel<FitSubject> = {
  name: "bounds",
  applies: ({ fitted: { model } }) => model.kind === "bounded" && model.latent !== undefined,
  async look(subject, at) {
    const score = await subject.score(at);
    if (score.kind !== "bounded") return {};
    const n = sites(subject.dataset.space);
    return { figures: [...curveOf(score, n), ...planeOf(score, subject.events)] };
  },
};

/** The NLL bound per site against k. */
function curveOf({ curve = [], entropyPerSite }: BoundedScore, n: number): Figure[] {
  if (curve.length < 2) return [];
  const known = entropyPerSite !== undefined;
  const svg = contextCurve({
    label: "NLL bound per site (nats)",
    context: "importance weights a row, k",
    names: curve.map(({ draws }) => String(draws)),
    points: curve.map(({ nll }, i) => ({
      at: i,
      model: perSite(nll, n),
      ...(known && { exact: entropyPerSite }),
    })),
  });
  const caption =
    "Upper bound of the negative log-likelihood per site by k importance weights, with one standard error; k = 1 is −ELBO. " +
    `Neighbours share rows and draws. The bound falls towards the NLL as k grows${known ? "; crosses mark the exact entropy, which no model beats on average" : ""}.`;
  return [{ name: "bound-curve", svg, caption }];
}

/** Rate against distortion after each epoch, and at the end. */
function planeOf({ encoder }: BoundedScore, events: readonly TrainEvent[]): Figure[] {
  if (!encoder) return [];
  const { rate, distortion } = encoder;
  const epochs = events.flatMap((event) => {
    if (event.type !== "round") return [];
    const { reconstruction, KL } = event.losses;
    return reconstruction === undefined || KL === undefined
      ? []
      : [{ at: -reconstruction, data: { value: KL } }];
  });
  if (epochs.length < 2) return [];
  const unknown = { value: Number.NaN };
  const svg = contextCurve({
    label: "rate (nats)",
    context: "distortion (nats)",
    dataLabel: "training, after each epoch",
    points: [...epochs.map((point) => ({ ...point, model: unknown })), { at: distortion.value, model: rate }],
  });
  const caption =
    "Rate, the KL divergence of the encoder from the prior, against distortion, −log P(x | z) of the rows: rings are training rows " +
    "epoch by epoch, the dot the scored rows. Their sum is −ELBO, the same along lines that fall at 45 degrees.";
  return [{ name: "rate-distortion", svg, caption }];
}
