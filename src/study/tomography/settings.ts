import { incompleteWarning, informationallyComplete } from "../../data/measurements/index.ts";
import type { Panel } from "../study.ts";
import type { TomographySubject } from "./subject.ts";

/** What the settings determine of the state. */
export const settings: Panel<TomographySubject> = {
  name: "settings",
  applies: () => true,
  async look({ measurements }) {
    const found = informationallyComplete(measurements);
    const warning = incompleteWarning(measurements.qubits, found);
    return {
      warnings: warning === undefined ? [] : [warning],
      document: {
        informationallyComplete: found.complete ?? null,
        rankOfSettings: found.rank,
        missing: found.missing,
      },
    };
  },
};
