import type { Dataset } from "../../data/dataset.ts";
import { levelCount, type Space, siteShape, sites } from "../../data/space.ts";
import { isTable } from "../../data/table.ts";
import { numbers } from "../../data/values.ts";
import { isPlane, type PartRows } from "../../evaluate/index.ts";
import { configurations as draw, type SiteValues } from "../../report/index.ts";
import { type FitSubject, shownConfigurations } from "../fit-subject.ts";
import type { Panel } from "../study.ts";
import { columnScales } from "./table-cells.ts";

/** Rows of the data next to samples of the model; not for points in the plane, where densities show more. */
export const configurations: Panel<FitSubject> = {
  name: "configurations",
  applies: ({ dataset }) => !isPlane(dataset.space),
  async look(subject, at) {
    const { dataset, scored, rows } = subject;
    const { space } = dataset;
    const drawn = await subject.drawn(at);
    const scaled = isTable(space) && !dataset.meta?.system ? columnScales(space, subject.all.x) : undefined;
    const shown = (x: PartRows["x"]) => {
      const values = firstRows(space, x);
      return scaled ? scaled(values) : values;
    };
    const svg = draw({
      ...{ site: scaled ? columnCells : siteOf(space, isSpins(dataset)), shape: siteShape(space) },
      count: shownConfigurations,
      data: shown(scored.x),
      model: shown(drawn.x),
    });
    const scales = scaled
      ? " Each column has a scale of its own, from the 1st to the 99th percentile of its data."
      : "";
    const caption = `${rows[0]?.toUpperCase()}${rows.slice(1)} beside configurations drawn from the model.${scales}`;
    return { figures: [{ name: "configurations", svg, caption }] };
  },
};

/** Cells of a table: quantiles of each column. */
export const columnCells: SiteValues = { kind: "real", ends: ["1 %", "99 %"] };

/** As many rows as a figure shows. */
export function firstRows(space: Space, x: PartRows["x"]): ArrayLike<number> {
  const values = numbers(x).slice(0, shownConfigurations * sites(space));
  return levelCount(space) === undefined ? values : values.map(Math.floor);
}

/** Whether binary data are spins: a system here drew them, or they are written as −1 and +1. */
export const isSpins = ({ encoding, meta }: Dataset): boolean =>
  encoding === "pm1" || (meta?.system !== undefined && !meta.measurements);

/**
 * Returns the values of a space's sites, as figures draw them; of binary sites only `spins` are down and up.
 */
export function siteOf(space: Space, spins = true): SiteValues {
  if (space.kind === "binary") return { kind: "binary", labels: spins ? ["down", "up"] : ["0", "1"] };
  if (space.kind === "categorical") return { kind: "categorical", states: space.states };
  if (space.kind === "sequence") return { kind: "categorical", states: space.states + 1 };
  return { kind: space.kind };
}
