import {
  exactMean,
  type PartRows,
  rowMean,
  rowStatistic,
  type Weighted,
  weightedStatistic,
} from "../../evaluate/index.ts";
import { figureName, type NumberRow, observableHistogram } from "../../report/index.ts";
import { type Estimate, importance, weightedMoments } from "../../stats/index.ts";
import type { System } from "../../systems/index.ts";
import { labelOf } from "../labels.ts";
import type { SolveSubject } from "../solve-subject.ts";
import type { Figure, Panel } from "../study.ts";

/** Observables of a solved model's samples: reweighted in numbers, not reweighted in histograms. */
export const reweighted: Panel<SolveSubject> = {
  name: "reweighted",
  applies: () => true,
  async look(subject, at) {
    const { target, simulated } = subject;
    const { drawn } = await subject.solved(at);
    const observed = Object.entries(target.observables).map(([name, observable]): Observed => {
      return { name, model: observable(drawn.x), data: simulated && observable(simulated.x) };
    });
    return {
      numbers: observableRows(observed, drawn, target, simulated),
      figures: observed.map((one) => histogramOf(one, subject)),
    };
  },
};

function histogramOf({ name, model, data }: Observed, subject: SolveSubject): Figure {
  const label = labelOf(name);
  const exact = exactMean(subject.target, name);
  return {
    name: figureName("observable", name),
    caption: `Distribution of ${label} in samples of the model, not reweighted${besideText(subject)}.`,
    svg: observableHistogram({
      label,
      model: { values: model },
      ...(data && { data: { values: data } }),
      ...(exact !== undefined && { reference: { value: exact } }),
    }),
  };
}

/** Names what figures show next to the model, to append to a caption. */
export const besideText = ({ simulated }: SolveSubject) =>
  simulated ? "; the data are rows of the system's own simulation" : "";

/** An observable of every sample, and of every row of a simulation if there is one. */
interface Observed {
  readonly name: string;
  readonly model: Float64Array;
  readonly data: Float64Array | undefined;
}

/**
 * Observables except the energy, reweighted, and statistics, next to exact values or those of a simulation.
 */
function observableRows(
  observed: readonly Observed[],
  drawn: Weighted,
  system: System,
  simulated: PartRows | undefined,
): NumberRow[] {
  const weights = importance(drawn.logWeight);
  const row = (name: string, estimate: Estimate, monteCarlo: Estimate | undefined): NumberRow => {
    const exact = exactMean(system, name);
    const reference =
      exact !== undefined
        ? { value: exact, source: "exact" }
        : monteCarlo && { ...monteCarlo, source: "Monte Carlo" };
    return { name: labelOf(name), estimate, ...(reference && { reference }) };
  };
  const means = observed
    .filter(({ name }) => name !== "energy")
    .map(({ name, model, data }) =>
      row(
        name,
        weightedMoments(weights, model).mean,
        data && rowMean(data, simulated?.chain, simulated?.spacing),
      ),
    );
  const statistics = Object.entries(system.statistics ?? {}).map(([name, statistic]) =>
    row(
      name,
      weightedStatistic(statistic, drawn.x, weights),
      simulated && rowStatistic(statistic, simulated),
    ),
  );
  return [...means, ...statistics];
}
