import { figureName, observableHistogram } from "../../report/index.ts";
import type { FitSubject } from "../fit-subject.ts";
import type { Panel } from "../study.ts";
import { histogramCaption } from "./observables.ts";

/** The log-weights of an energy model's chains next to the log-weights of the data. */
export const energies: Panel<FitSubject> = {
  name: "energies",
  applies: ({ fitted }) => fitted.model.kind === "energy",
  async look(subject, at) {
    const [{ logWeight }, data] = [await subject.drawn(at), await subject.energies()];
    if (!logWeight || !data) return {};
    const label = "log-weight (nats)";
    const svg = observableHistogram({ label, model: { values: logWeight }, data: { values: data } });
    return {
      figures: [{ name: figureName("observable", "logWeight"), svg, caption: histogramCaption(label) }],
    };
  },
};
