import { compareObservables, type ObservableComparison } from "../../evaluate/index.ts";
import { countOf } from "../../report/estimate-text.ts";
import { figureName, type NumberRow, observableHistogram } from "../../report/index.ts";
import { areMaps } from "../../systems/known.ts";
import type { FitSubject } from "../fit-subject.ts";
import { labelOf } from "../labels.ts";
import type { Figure, Panel } from "../study.ts";

/** Observables of the model's samples next to their references: the exact means if known, else the data's. */
export const observables: Panel<FitSubject> = {
  name: "observables",
  applies: () => true,
  async look(subject, at) {
    const drawn = await subject.drawn(at);
    const { dataset, system, all } = subject;
    const compared = compareObservables({
      samples: drawn.x,
      sampleChain: drawn.chain,
      system,
      data: all,
      maps: areMaps(dataset.meta),
      space: dataset.space,
      encoding: dataset.encoding,
      offset: dataset.offset,
    });
    return {
      numbers: observableRows(compared, dataset.columns),
      figures: compared.flatMap(({ values, ...one }) =>
        values ? [histogramOf(one, values, dataset.columns)] : [],
      ),
      document: { observables: compared.map(({ values: _, ...comparison }) => comparison) },
    };
  },
};

/** The caption of a histogram of an observable. */
export const histogramCaption = (label: string) =>
  `Distribution of ${label}, with one standard error on every bin.`;

function histogramOf(
  { name, reference }: ObservableComparison,
  values: NonNullable<ObservableComparison["values"]>,
  columns: readonly string[] | undefined,
): Figure {
  const label = labelOf(name, columns);
  return {
    name: figureName("observable", name),
    caption: histogramCaption(label),
    svg: observableHistogram({
      label,
      model: { values: values.model },
      ...(values.data && { data: { values: values.data } }),
      ...(reference?.source === "exact" && { reference: { value: reference.value } }),
    }),
  };
}

/** The rows of a numbers table that observables of a model's samples make. */
function observableRows(
  observables: readonly ObservableComparison[],
  columns: readonly string[] | undefined,
): NumberRow[] {
  return observables.map(({ name, model, reference, count }) => ({
    name: labelOf(name, columns),
    estimate: model,
    ...(reference && { reference }),
    note: countOf(count, "sample"),
  }));
}
