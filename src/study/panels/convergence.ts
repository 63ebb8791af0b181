import { sites } from "../../data/space.ts";
import { convergence as draw } from "../../report/index.ts";
import { isRange, type Measure } from "../../train/measure.ts";
import type { SolveSubject } from "../solve-subject.ts";
import type { Figure, Panel } from "../study.ts";

/** The bound, the effective sample size and the energy of each look of a solve. */
export const convergence: Panel<SolveSubject> = {
  name: "convergence",
  applies: ({ events }) => events.some(({ type }) => type === "round"),
  async look({ target, events }) {
    const n = sites(target.space);
    const { exact } = target;
    const rounds = events.filter((event) => event.type === "round");
    const points = (name: string, share = 1) =>
      rounds.flatMap(({ step, measures }) => {
        const { value, error } = estimateOf(measures[name]);
        return [{ step, value: value / share, ...(Number.isNaN(error) ? {} : { error: error / share }) }];
      });
    return {
      figures: [
        figure("bound", "The variational lower bound on log Z", {
          quantity: "log Z, lower bound",
          points: points("log Z"),
          ...(exact && { exact: { value: exact.logZ, label: "exact log Z" } }),
        }),
        figure("ess", "Effective sample size, as a fraction,", {
          quantity: "ESS (fraction)",
          points: points("ESS"),
          range: [0, 1],
        }),
        figure("energy", "Mean energy per site", {
          quantity: "energy per site",
          points: points("energy", n),
          ...(exact && { exact: { value: exact.energy / n } }),
        }),
      ],
    };
  },
};

const figure = (name: string, what: string, data: Parameters<typeof draw>[0]): Figure => ({
  name: `convergence-${name}`,
  caption: `${what} in the batch of a step, with one standard error where it has one.`,
  svg: draw(data),
});

const estimateOf = (measure: Measure | undefined) =>
  measure && !isRange(measure) ? measure : { value: Number.NaN, error: Number.NaN };
