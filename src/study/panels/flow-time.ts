import { sizeOf } from "../../array.ts";
import { siteShape } from "../../data/space.ts";
import { isTable } from "../../data/table.ts";
import { numbers } from "../../data/values.ts";
import { isPlane, planeGrid, rowDensity } from "../../evaluate/index.ts";
import { contextCurve, configurations as draw, planeDensities } from "../../report/index.ts";
import type { FitSubject } from "../fit-subject.ts";
import type { FlowTimeOfRows } from "../flow-time-of-rows.ts";
import type { Figure, Panel } from "../study.ts";
import { isSpins, siteOf } from "./configurations.ts";

/** Cells along each side of counted points. */
const CELLS = 64;

/** The way of a flow in time: its rows at moments from noise to data, its velocity beside the exact Gaussian's, the error of its steps. */
export const flowTime: Panel<FitSubject> = {
  name: "flow in time",
  applies: ({ fitted: { model } }) => model.kind === "bounded" && model.flowTime !== undefined,
  async look(subject, at) {
    const found = await subject.flowTime(at);
    if (!found) return {};
    const { own, gaussian, gain } = found.errors;
    return {
      numbers: [
        { name: "velocity error", estimate: own, note: "mean square, of standardised data" },
        { name: "velocity error of the exact Gaussian", estimate: gaussian, note: "the same rows and noise" },
        { name: "velocity error gained by the network", estimate: gain, note: "paired, row by row" },
      ],
      figures: [...wayOf(subject, found), ...stepsOf(found)],
      document: { flowTime: { errors: found.errors, steps: found.steps, mostSteps: found.mostSteps } },
    };
  },
};

/** Rows at the moments of the way: densities of points of the plane, pictures and lattices as they are; tables are left out. */
function wayOf({ dataset, all }: FitSubject, { moments }: FlowTimeOfRows): Figure[] {
  const { space } = dataset;
  const times = moments.map(({ time }) => time).join(", ");
  if (isPlane(space)) {
    const grid = planeGrid(space, all.x, CELLS);
    const panels = moments.map(({ time, x }) => ({ title: `t = ${time}`, density: rowDensity(x, grid) }));
    const svg = planeDensities({ ...grid, across: 3, panels });
    const caption = `Points on their way from noise (t = 1) to data (t = 0) by the flow's equation, counted at t = ${times}.`;
    return [{ name: "flow-in-time", svg, caption }];
  }
  if (isTable(space)) return [];
  const first = moments[0]?.x.shape[0] as number;
  const width = sizeOf(siteShape(space));
  // A line for each row, a moment each column.
  const values = new Float64Array(first * moments.length * width);
  moments.forEach(({ x }, i) => {
    const own = numbers(x);
    for (let row = 0; row < first; row++)
      for (let site = 0; site < width; site++)
        values[(row * moments.length + i) * width + site] = own[row * width + site] as number;
  });
  const svg = draw({
    ...{ site: siteOf(space, isSpins(dataset)), shape: siteShape(space) },
    ...{ count: first * moments.length, across: moments.length, titles: ["data", "from noise to data"] },
    model: values,
  });
  const caption = `Rows on their way from noise (t = 1) to data (t = 0) by the flow's equation, one a line, at t = ${times}.`;
  return [{ name: "flow-in-time", svg, caption }];
}

/** The change of rows against most steps, as a power of ten. */
function stepsOf({ steps, mostSteps }: FlowTimeOfRows): Figure[] {
  if (steps.length === 0) return [];
  const svg = contextCurve({
    label: "log₁₀ of the change of a site",
    context: "steps",
    names: steps.map((at) => String(at.steps)),
    points: steps.map(({ change }, i) => ({ at: i, model: { value: Math.log10(Math.max(change, 1e-12)) } })),
  });
  const caption =
    `Root mean square change of a site against ${mostSteps} steps from the same noise, in standard deviations of the data: the error ` +
    "of the steps, which falls as their fourth power where the velocity is smooth.";
  return [{ name: "steps", svg, caption }];
}
