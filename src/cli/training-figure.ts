import { sites } from "../data/space.ts";
import type { ExactScore } from "../evaluate/index.ts";
import type { CurvePoint, TrainingCurveData } from "../report/index.ts";
import type { FitRecord, Run } from "../runs/index.ts";
import { perSite, type Range, rangePerSite } from "../stats/index.ts";
import { type FitEvent, isInNats } from "../train/index.ts";
import { nllName } from "./numbers.ts";
import { quantitiesIn } from "./run-fit.ts";

/**
 * The curves of a fit from its log, per site: the NLL of training and validation rows, from both sides where it is
 * bracketed, or whatever else the fit was watched by.
 */
export function trainingFigure(
  run: Run<FitRecord>,
  events: readonly FitEvent[],
  { entropyPerSite }: Pick<ExactScore, "entropyPerSite">,
): TrainingCurveData {
  const n = sites(run.record.space);
  const epochs = events.filter((event) => event.type === "epoch");
  const quantities = quantitiesIn(events);
  const train: CurvePoint[] = epochs.map((event) => ({ at: event.epoch, value: event.train / n }));
  const validation: CurvePoint[] = epochs.map(({ epoch, valid }) => ({
    at: epoch,
    ...perSite(valid, n),
  }));
  const bracketed = epochs.flatMap(({ epoch, nll }) =>
    nll ? [bracketPoint(epoch, rangePerSite(nll, n))] : [],
  );
  // A single bracket makes no curve.
  if (bracketed.length > 1)
    return {
      quantity: "NLL per site (nats), bracketed",
      validation: bracketed,
      best: run.record.result?.bestEpoch,
      ...(entropyPerSite !== undefined && { exact: { value: entropyPerSite } }),
    };
  const isNll = quantities.valid === "NLL";
  return {
    quantity: `${isNll ? nllName(run.record.space) : quantities.valid} per site${isInNats(quantities.valid) ? " (nats)" : ""}`,
    // Two quantities share no axis: what the rows that were held out say is shown.
    ...(quantities.train === quantities.valid && { train }),
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
