import { sites } from "../data/space.ts";
import type { ExactScore } from "../evaluate/index.ts";
import type { CurvePoint, TrainingCurveData } from "../report/index.ts";
import type { FitRecord, Run } from "../runs/index.ts";
import { perSite, type Range, rangePerSite } from "../stats/index.ts";
import { isRange, measureName, type TrainEvent } from "../train/index.ts";
import { nllName } from "./numbers.ts";

/**
 * The curves of a fit from its log, per site: the NLL of training and validation rows, from both sides where it is
 * bracketed, or whatever else the fit was watched by.
 */
export function trainingFigure(
  run: Run<FitRecord>,
  events: readonly TrainEvent[],
  { entropyPerSite }: Pick<ExactScore, "entropyPerSite">,
): TrainingCurveData {
  const n = sites(run.record.space);
  const epochs = events.filter((event) => event.type === "round");
  const watched = events.find((event) => event.type === "start")?.watched ?? "NLL";
  const first = epochs[0]?.measures[watched];
  const quantity = measureName(watched, first ?? {});
  const train: CurvePoint[] = epochs.flatMap(({ round, losses }) =>
    losses[quantity] === undefined ? [] : [{ at: round, value: losses[quantity] / n }],
  );
  const validation: CurvePoint[] = epochs.flatMap(({ round, measures }) => {
    const measure = measures[watched];
    return !measure || isRange(measure) ? [] : [{ at: round, ...perSite(measure, n) }];
  });
  const bracketed = epochs.flatMap(({ round, measures: { NLL: nll } }) =>
    nll && isRange(nll) ? [bracketPoint(round, rangePerSite(nll, n))] : [],
  );
  // A single bracket makes no curve.
  if (bracketed.length > 1)
    return {
      quantity: "NLL per site (nats), bracketed",
      validation: bracketed,
      best: run.record.result?.bestEpoch,
      ...(entropyPerSite !== undefined && { exact: { value: entropyPerSite } }),
    };
  const isNll = watched === "NLL";
  return {
    quantity: `${isNll ? nllName(run.record.space) : quantity} per site${first?.unit === "nats" ? " (nats)" : ""}`,
    // Two quantities share no axis: what the rows that were held out say is shown.
    ...(train.length > 0 && { train }),
    validation,
    best: run.record.result?.bestEpoch,
    ...(isNll && entropyPerSite !== undefined && { exact: { value: entropyPerSite } }),
  };
}

/** The middle of a bracket, with half its width, the errors of both ends within. */
function bracketPoint(at: number, { lower, upper }: Range): CurvePoint {
  const [low, high] = [lower.value - lower.error, upper.value + upper.error];
  return { at, value: (low + high) / 2, error: (high - low) / 2 };
}
