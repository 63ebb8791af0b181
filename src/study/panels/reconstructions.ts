import { siteShape } from "../../data/space.ts";
import { isTable } from "../../data/table.ts";
import { isPlane } from "../../evaluate/index.ts";
import { configurations as draw } from "../../report/index.ts";
import { reconstructionRow } from "../bounded-score-rows.ts";
import type { CodesOfRows } from "../codes-of-rows.ts";
import { type FitSubject, shownConfigurations } from "../fit-subject.ts";
import type { Panel } from "../study.ts";
import { columnCells, firstRows, isSpins, siteOf } from "./configurations.ts";
import { columnScales } from "./table-cells.ts";

/** Whether codes of a model lose something, as those of a flow do not. */
export const losesCodes = ({ fitted: { model } }: FitSubject) =>
  model.coding?.encode !== undefined && !model.coding.invertible;

/** Rows beside what is left of them once they are encoded and decoded, in one scale. */
export const reconstructions: Panel<FitSubject> = {
  name: "reconstructions",
  applies: (subject) => losesCodes(subject) && !isPlane(subject.dataset.space),
  async look(subject, at) {
    const { dataset, all, rows } = subject;
    const { space } = dataset;
    const { x, decoded } = (await subject.codes(at)) as CodesOfRows;
    const scaled = isTable(space) && !dataset.meta?.system ? columnScales(space, all.x) : undefined;
    const shown = (of: CodesOfRows["x"]) => {
      const values = firstRows(space, of);
      return scaled ? scaled(values) : values;
    };
    const svg = draw({
      ...{ site: scaled ? columnCells : siteOf(space, isSpins(dataset)), shape: siteShape(space) },
      count: shownConfigurations,
      titles: ["data", "reconstruction"],
      data: shown(x),
      model: shown(decoded),
    });
    const caption = `${rows[0]?.toUpperCase()}${rows.slice(1)} beside the most probable (or mean) row of the code of each.`;
    const error = await subject.reconstruction(at);
    return {
      ...(error && { numbers: [reconstructionRow(error)] }),
      figures: [{ name: "reconstructions", svg, caption }],
    };
  },
};
