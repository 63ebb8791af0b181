import { levelCount, type Space, sites } from "../../data/space.ts";
import { type CurvePoint, type TrainingCurveData, trainingCurve } from "../../report/index.ts";
import { perSite, type Range, rangePerSite } from "../../stats/index.ts";
import { eventsByCourse } from "../../train/course-events.ts";
import type { TrainEvent } from "../../train/event.ts";
import { isRange, measureName } from "../../train/measure.ts";
import type { FitSubject } from "../fit-subject.ts";
import { nllName } from "../score-rows.ts";
import type { Figure, Panel } from "../study.ts";

/** The course of the fit, epoch by epoch, with the exact entropy below if known. */
export const training: Panel<FitSubject> = {
  name: "training",
  applies: ({ events }) => events.some(({ type }) => type === "round"),
  async look(subject, at) {
    const { model } = subject.fitted;
    const isScored = model.kind !== "implicit" || model.unsampled === undefined;
    const score = isScored ? await subject.score(at) : undefined;
    const entropyPerSite = score && "entropyPerSite" in score ? score.entropyPerSite : undefined;
    const [first, second] = eventsByCourse(subject.events);
    const { space } = subject.dataset;
    const { bound, ...data } = curvesOf(space, first?.events ?? [], entropyPerSite);
    const codes = second && curvesOf(space, second.events, undefined);
    const ofCodes: Figure[] = codes?.validation?.length
      ? [
          {
            name: "training-curve-codes",
            svg: trainingCurve({ ...codes, quantity: `${codes.quantity}, of the codes` }),
            caption:
              "Negative log-likelihood of the codes of the rows, per site of a row, against epochs of the second course.",
          },
        ]
      : [];
    const warnings = [...new Set(subject.events.flatMap((e) => (e.type === "warning" ? [e.text] : [])))];
    // A fit that nothing was watched by has no curve.
    if (!data.train && !data.validation?.length) return { warnings, figures: ofCodes };
    const what = bound
      ? "Upper bound of the negative log-likelihood per site"
      : "Negative log-likelihood per site";
    const caption = data.exact
      ? `${what} against epochs; the dashed line is the exact entropy per site, which no model beats on average.`
      : `${data.quantity} against epochs.`;
    return { warnings, figures: [{ name: "training-curve", svg: trainingCurve(data), caption }, ...ofCodes] };
  },
};

/** The watched measure of a fit, and whether it is an upper bound of the NLL. */
interface Curves extends TrainingCurveData {
  readonly quantity: string;
  readonly bound: boolean;
}

/**
 * The curves of a fit from its log: the NLL per site of training and validation rows, from both sides if it
 * is bracketed, or whatever else the fit was watched by. Numbers that are not in nats are not sums over
 * sites, and are drawn unchanged.
 */
function curvesOf(space: Space, events: readonly TrainEvent[], entropyPerSite: number | undefined): Curves {
  const all = sites(space);
  const start = events.find((event) => event.type === "start");
  const done = events.findLast((event) => event.type === "done");
  const epochOf = (step: number) => step / (start?.round ?? 1);
  const best = done && (done.bestStep === undefined ? done.best : Number(epochOf(done.bestStep).toFixed(2)));
  const epochs = events.filter((event) => event.type === "round");
  const watched = start?.watched ?? "NLL";
  const first = epochs[0]?.measures[watched];
  const quantity = measureName(watched, first ?? {});
  const isNats = first?.unit === "nats";
  const n = isNats ? all : 1;
  const train: CurvePoint[] = epochs.flatMap(({ step, losses }) =>
    losses[quantity] === undefined ? [] : [{ at: epochOf(step), value: losses[quantity] / n }],
  );
  const validation: CurvePoint[] = epochs.flatMap(({ step, measures }) => {
    const measure = measures[watched];
    return !measure || isRange(measure) ? [] : [{ at: epochOf(step), ...perSite(measure, n) }];
  });
  const bracketed = epochs.flatMap(({ step, measures: { NLL: nll } }) =>
    nll && isRange(nll) ? [bracketPoint(epochOf(step), rangePerSite(nll, all))] : [],
  );
  // A single bracket makes no curve.
  if (bracketed.length > 1)
    return {
      quantity: "NLL per site (nats), bracketed",
      bound: false,
      validation: bracketed,
      best,
      ...(entropyPerSite !== undefined && { exact: { value: entropyPerSite } }),
    };
  const isNll = watched === "NLL" && isNats;
  const name = quantity === "NLL" ? nllName(space) : quantity;
  return {
    quantity: isNats ? `${name} per site (nats)` : name,
    bound: isNll && (first?.bound !== undefined || levelCount(space) !== undefined),
    // Two quantities share no axis: what the rows that were held out say is shown.
    ...(train.length > 0 && { train }),
    validation,
    best,
    ...(isNll && entropyPerSite !== undefined && { exact: { value: entropyPerSite } }),
  };
}

/** The middle of a bracket, with half its width, the errors of both ends within. */
function bracketPoint(at: number, { lower, upper }: Range): CurvePoint {
  const [low, high] = [lower.value - lower.error, upper.value + upper.error];
  return { at, value: (low + high) / 2, error: (high - low) / 2 };
}
