import { informationallyComplete } from "../../data/measurements/index.ts";
import type { Panel } from "../study.ts";
import type { TomographySubject } from "./subject.ts";

/** What the settings determine of the state. */
export const settings: Panel<TomographySubject> = {
  name: "settings",
  applies: () => true,
  async look({ measurements }) {
    const found = informationallyComplete(measurements);
    return {
      warnings:
        found.complete === false
          ? [`${completenessText(measurements)}: other states fit the shots equally well`]
          : [],
      document: {
        informationallyComplete: found.complete ?? null,
        rankOfSettings: found.rank,
        missing: found.missing,
      },
    };
  },
};

/** Whether the settings determine every state, in words. */
export function completenessText(measurements: TomographySubject["measurements"]): string {
  const { complete, rank, missing } = informationallyComplete(measurements);
  if (complete) return "informationally complete";
  if (complete === undefined) return "not known to be informationally complete";
  const { qubits } = measurements;
  const what = missing
    ? `${missing.count} of ${3 ** qubits} Pauli settings have no shots (${missing.first.slice(0, 3).join(", ")}${missing.count > 3 ? ", …" : ""})`
    : "some operators are not measured";
  return `not informationally complete, ${what}${rank === undefined ? "" : `, ${rank} of ${4 ** qubits} operators are measured`}`;
}
