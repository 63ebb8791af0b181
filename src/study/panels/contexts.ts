import type { ContextCurve } from "../../evaluate/index.ts";
import { contextCurve, figureName } from "../../report/index.ts";
import type { FitSubject } from "../fit-subject.ts";
import { labelOf } from "../labels.ts";
import { nllName } from "../score-rows.ts";
import type { Figure, Panel } from "../study.ts";

/** The NLL and every observable of data and model against what the rows are conditioned on. */
export const contexts: Panel<FitSubject> = {
  name: "contexts",
  applies: ({ scored }) => scored.context !== undefined,
  async look(subject, at) {
    const { dataset } = subject;
    const [score, curves] = [await subject.score(at), await subject.contexts(at)];
    if (curves.length === 0) return {};
    const nll = `${score.kind === "bounded" ? "NLL bound" : nllName(dataset.space)} per site (nats)`;
    return {
      figures: curves.map((curve) =>
        figureOf(curve, curve.name === "nll" ? nll : labelOf(curve.name, dataset.columns), subject),
      ),
      document: { contexts: curves },
    };
  },
};

function figureOf(
  { name, index, distinct, names, points }: ContextCurve,
  label: string,
  subject: FitSubject,
): Figure {
  const { dataset, scored } = subject;
  const isWide = (scored.context?.shape[1] ?? 1) > 1;
  const isBeta = dataset.meta?.system?.betas !== undefined && index === 0;
  const number = isWide && index !== undefined ? `number ${index} of the context` : "context";
  const context = isBeta ? "inverse temperature β" : number;
  const bins = distinct
    ? ""
    : " Each point is a bin of equally many scored rows, at their mean context; the model's samples have the contexts of those rows.";
  return {
    name: figureName("context", isWide && index !== undefined ? `${name}-${index}` : name),
    caption: `${points[0]?.data ? "Data and model" : "The model on the scored rows"} against the ${context}: ${label}, with one standard error.${bins}`,
    svg: contextCurve({ label, context, points, names }),
  };
}
