import { heldOutOfStart } from "../../models/exact/wave/stages.ts";
import { amplitudes as drawn, restarts } from "../../report/index.ts";
import type { TrainEvent } from "../../train/event.ts";
import type { FitSubject } from "../fit-subject.ts";
import type { StateOfFit } from "../state-of-fit.ts";
import type { Panel } from "../study.ts";

/** A quantum state: its fidelity to the state that the shots were simulated from, and its largest amplitudes. */
export const state: Panel<FitSubject> = {
  name: "state",
  applies: ({ fitted }) => fitted.model.stateVector !== undefined,
  async look(subject, at) {
    const found = await subject.state(at);
    if (!found) return {};
    const { amplitudes, fidelity, entropy } = found;
    const starts = startsOf(subject.events);
    const names = amplitudes.map(({ name }) => name).join(", ");
    const caption = (what: string, more: string) =>
      `The ${what} of the largest amplitudes, largest first: ${names}.${fidelity ? " Rings are those of the target." : ""}${more}`;
    return {
      numbers: [
        ...(fidelity
          ? [
              {
                key: "fidelity",
                name: `fidelity to ${fidelity.target}`,
                estimate: fidelity.bootstrap ?? { value: fidelity.value, error: Number.NaN },
                note: fidelityNote(fidelity),
              },
            ]
          : []),
        ...(entropy
          ? [
              {
                key: "renyi-2",
                name: `Rényi-2 entropy of ${entropy.qubits === 1 ? "qubit 0" : `qubits 0 to ${entropy.qubits - 1}`} (nats)`,
                estimate: entropy.estimate,
                note: "of the fitted state, by draws, whose error this is: finite shots add to it",
              },
            ]
          : []),
      ],
      figures: [
        ...(amplitudes.length > 0
          ? [
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
            ]
          : []),
        ...(starts.length > 1
          ? [
              {
                name: "state-starts",
                svg: restarts(starts),
                caption:
                  "Negative log-likelihood of the validation shots at the best place of each start of the fit, above that of the best start, which is kept.",
              },
            ]
          : []),
      ],
      ...(fidelity?.bootstrap?.doubt && { warnings: [`fidelity: ${fidelity.bootstrap.doubt}`] }),
      document: { state: found },
    };
  },
};

function fidelityNote({ value, bootstrap }: NonNullable<StateOfFit["fidelity"]>): string {
  if (!bootstrap)
    return "squared convention; of the fitted state, exactly: --bootstrap 20 finds the error from finite shots by refits";
  return `squared convention; of the true state, by refits of shots drawn from the fitted one, bias taken off; of the fitted state itself ${value.toFixed(4)}`;
}

/** The held-out NLL of each start as the fit has told it at its end. */
function startsOf(events: readonly TrainEvent[]): number[] {
  const last = events.findLast((event) => event.type === "round");
  return Object.entries(last?.losses ?? {}).flatMap(([name, value]) =>
    name.startsWith(heldOutOfStart) ? [Number(value)] : [],
  );
}
