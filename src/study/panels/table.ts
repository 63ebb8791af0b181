import { sites } from "../../data/space.ts";
import { isTable } from "../../data/table.ts";
import { numbers } from "../../data/values.ts";
import { columnCorrelations, type PartRows } from "../../evaluate/index.ts";
import { correlationMatrix, pairs } from "../../report/index.ts";
import type { FitSubject } from "../fit-subject.ts";
import { labelOf } from "../labels.ts";
import type { Panel } from "../study.ts";
import { plane } from "./plane.ts";

/** Maximum number of columns with pairs that are legible in one figure. */
const mostPairs = 6;

/** Columns of a table against one another, data next to samples, and their correlations. */
export const table: Panel<FitSubject> = {
  name: "table",
  applies: (subject) =>
    isTable(subject.dataset.space) && sites(subject.dataset.space) > 1 && !plane.applies(subject),
  async look({ dataset, all, ...subject }, at) {
    const { x, chain } = await subject.drawn(at);
    const n = sites(dataset.space);
    const names = Array.from({ length: n }, (_, i) => labelOf(`column${i}`, dataset.columns));
    const ofData = columnCorrelations(dataset.space, all);
    const ofModel = columnCorrelations(dataset.space, { x, ...(chain && { chain }) });
    if (!ofData || !ofModel) return {};
    const cells = ofData.map(({ first, second, estimate }, i) => ({
      ...{ first, second, data: estimate, model: ofModel[i]!.estimate },
    }));
    const [data, model] = [columnsOf(all.x, n, dataset.offset), columnsOf(x, n, dataset.offset)];
    const matrix = {
      name: "column-pairs",
      svg: pairs({ names, data, model }),
      caption:
        "Every pair of columns: data below the diagonal, samples of the model above it, and both as histograms on it. Each " +
        "column spans the central 99 % of its data.",
    };
    const correlations = {
      name: "column-correlations",
      svg: correlationMatrix({ names, cells }),
      caption:
        "Pearson's correlations with one standard error, of the data below the diagonal and of the model above it; bold " +
        "where the model differs by more than 3σ.",
    };
    return {
      figures: [...(n <= mostPairs ? [matrix] : []), correlations],
      document: {
        correlations: cells.map(({ first, second, ...own }) => ({
          columns: [names[first], names[second]],
          ...own,
        })),
      },
    };
  },
};

/** Each column, with what was subtracted from it. */
function columnsOf(x: PartRows["x"], n: number, offset: Float64Array | undefined): Float64Array[] {
  const values = numbers(x);
  return Array.from({ length: n }, (_, c) =>
    Float64Array.from(
      { length: values.length / n },
      (_, row) => (values[row * n + c] as number) + (offset?.[c] ?? 0),
    ),
  );
}
