import { amplitudes as drawn } from "../../report/index.ts";
import type { FitSubject } from "../fit-subject.ts";
import type { Panel } from "../study.ts";

/** A quantum state: its fidelity to the state that the shots were simulated from, and its largest amplitudes. */
export const state: Panel<FitSubject> = {
  name: "state",
  applies: ({ fitted }) => fitted.model.stateVector !== undefined,
  async look(subject) {
    const found = await subject.state();
    if (!found) return {};
    const { amplitudes, fidelity } = found;
    const names = amplitudes.map(({ name }) => name).join(", ");
    const caption = (what: string, more: string) =>
      `The ${what} of the largest amplitudes, largest first: ${names}.${fidelity ? " Rings are those of the target." : ""}${more}`;
    return {
      ...(fidelity && {
        numbers: [
          {
            key: "fidelity",
            name: `fidelity to ${fidelity.target}`,
            estimate: { value: fidelity.value, error: Number.NaN },
            note: "squared convention; of the fitted state, exactly: how far finite shots leave it uncertain is not known",
          },
        ],
      }),
      ...(amplitudes.length > 0 && {
        figures: [
          {
            name: "state-moduli",
            svg: drawn({ states: amplitudes, part: "modulus" }),
            caption: caption("moduli", ""),
          },
          {
            name: "state-phases",
            svg: drawn({ states: amplitudes, part: "phase" }),
            caption: caption(
              "phases",
              " The common phase, which means nothing, is chosen so that both agree best. Phases of moduli below a tenth of the largest are left out.",
            ),
          },
        ],
      }),
      document: { state: found },
    };
  },
};
