import { sites } from "../../data/space.ts";
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
import type { Panel } from "../study.ts";

/** Observables of a solved model's samples: reweighted as numbers, as they are in histograms. */
export const reweighted: Panel<SolveSubject> = {
  name: "reweighted",
  applies: () => true,
  async look(subject, at) {
    const { target, simulated } = subject;
    const { drawn } = await subject.solved(at);
    const exactMeans: Readonly<Record<string, number>> = {
      ...target.exactMeans,
      ...(target.exact && { energy: target.exact.energy / sites(target.space) }),
    };
    return {
      numbers: observableRows(drawn, target, simulated),
      figures: Object.entries(target.observables).map(([name, observable]) => ({
        name: figureName("observable", name),
        caption: `Distribution of ${labelOf(name)} in samples of the model, not reweighted${besideText(subject)}.`,
        svg: observableHistogram({
          label: labelOf(name),
          model: { values: observable(drawn.x) },
          ...(simulated && { data: { values: observable(simulated.x) } }),
          ...(exactMeans[name] !== undefined && { reference: { value: exactMeans[name] } }),
        }),
      })),
    };
  },
};

/** What stands beside the model in figures, to follow a caption. */
export const besideText = ({ simulated }: SolveSubject) =>
  simulated ? "; the data are rows of the system's own simulation" : "";

/** Observables but the energy, reweighted, and statistics, beside exact values or those of a simulation. */
function observableRows(drawn: Weighted, system: System, simulated: PartRows | undefined): NumberRow[] {
  const weights = importance(drawn.logWeight);
  const row = (name: string, estimate: Estimate, monteCarlo: Estimate | undefined): NumberRow => {
    const exact = exactMean(system, name);
    const reference =
      exact !== undefined
        ? { value: exact, source: "exact" }
        : monteCarlo && { ...monteCarlo, source: "Monte Carlo" };
    return { name: labelOf(name), estimate, ...(reference && { reference }) };
  };
  const means = Object.entries(system.observables)
    .filter(([name]) => name !== "energy")
    .map(([name, observable]) =>
      row(
        name,
        weightedMoments(weights, observable(drawn.x)).mean,
        simulated && rowMean(observable(simulated.x), simulated.chain, simulated.spacing),
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
