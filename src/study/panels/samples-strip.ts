import { levelCount, siteShape } from "../../data/space.ts";
import { configurations as draw } from "../../report/index.ts";
import type { TrainEvent } from "../../train/event.ts";
import type { FitSubject } from "../fit-subject.ts";
import type { Panel } from "../study.ts";
import { isSpins, siteOf } from "./configurations.ts";

/** Moments of a training that the figure shows. */
const shown = 4;

/** Samples of a model with latent variables at moments of its training. */
export const samplesStrip: Panel<FitSubject> = {
  name: "samples-strip",
  // Fewer moments would not fill a row each.
  applies: ({ events }) => momentsOf(events).length >= shown,
  async look({ dataset, events }) {
    const moments = momentsOf(events).slice(-shown);
    const { space } = dataset;
    const values = moments.flatMap(({ values }) => values);
    const svg = draw({
      ...{ site: siteOf(space, isSpins(dataset)), shape: siteShape(space), count: values.length },
      model: levelCount(space) === undefined ? values : values.map(Math.floor),
    });
    const epochs = moments.map(({ epoch }) => epoch).join(", ");
    const caption = `Samples of the model after epochs ${epochs} of its training, one row each, by the same random numbers.`;
    return { figures: [{ name: "samples-training", svg, caption }] };
  },
};

function momentsOf(events: readonly TrainEvent[]): { epoch: number; values: readonly number[] }[] {
  return events.flatMap((event) =>
    event.type === "picture" && event.name === "samples"
      ? [{ epoch: event.round, values: (event.data as { values: readonly number[] }).values }]
      : [],
  );
}
