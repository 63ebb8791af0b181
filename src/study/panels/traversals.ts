import { ndarray } from "../../array.ts";
import { type Space, siteShape, sites } from "../../data/space.ts";
import { isTable } from "../../data/table.ts";
import { numbers } from "../../data/values.ts";
import { configurations as draw } from "../../report/index.ts";
import type { CodesOfRows } from "../codes-of-rows.ts";
import type { FitSubject } from "../fit-subject.ts";
import { moments, widest } from "../principal-plane.ts";
import type { Panel } from "../study.ts";
import { isSpins, siteOf } from "./configurations.ts";
import { losesCodes } from "./reconstructions.ts";

/** Numbers of a code that are traversed, at most, and rows of each. */
const SHOWN = 6;
const STEPS = 7;
/** Standard deviations on either side of the mean. */
const REACH = 2;

/** The effect of each number of a code: rows decoded from codes in which it alone changes. */
export const traversals: Panel<FitSubject> = {
  name: "traversals",
  applies: (subject) =>
    losesCodes(subject) &&
    subject.fitted.model.coding?.codes.kind === "real" &&
    !subject.fitted.model.context &&
    siteShape(subject.dataset.space).length > 1 &&
    !isTable(subject.dataset.space),
  async look(subject, { signal, ...at }) {
    const { fitted, dataset } = subject;
    const { codes } = (await subject.codes({ signal, ...at })) as CodesOfRows;
    const space = fitted.model.coding?.codes as Space;
    const width = sites(space);
    const { mean, variance } = moments(codes.data as Float32Array, width);
    const chosen = widest(variance, SHOWN);
    const data = new Float32Array(chosen.length * STEPS * width);
    chosen.forEach((k, line) => {
      for (let step = 0; step < STEPS; step++) {
        const code = data.subarray((line * STEPS + step) * width, (line * STEPS + step + 1) * width);
        code.set(mean);
        const away = REACH * ((2 * step) / (STEPS - 1) - 1);
        code[k] = (mean[k] as number) + away * Math.sqrt(variance[k] as number);
      }
    });
    const shape = [chosen.length * STEPS, ...siteShape(space)];
    const rows = await fitted.coder.decode(ndarray("f32", shape, data), { signal });
    const svg = draw({
      ...{ site: siteOf(dataset.space, isSpins(dataset)), shape: siteShape(dataset.space) },
      ...{ count: chosen.length * STEPS, across: STEPS, titles: ["data", "decoded"] as const },
      model: numbers(rows),
    });
    const which = chosen.map((k) => k + 1).join(", ");
    const caption =
      `Rows decoded from the mean code with one of its numbers changed, a line each (${which}, those of largest ` +
      `variance first), from ${REACH} standard deviations below the mean to ${REACH} above.`;
    return { figures: [{ name: "traversals", svg, caption }] };
  },
};
