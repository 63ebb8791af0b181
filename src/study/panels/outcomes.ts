import { estimateText, formatNumber, type NumberRow } from "../../report/index.ts";
import type { FitSubject } from "../fit-subject.ts";
import type { Panel } from "../study.ts";

/** What a model of outcomes in any setting says of the quantum state: its physical state, or a fidelity by samples for many qubits. */
export const outcomes: Panel<FitSubject> = {
  name: "outcomes",
  applies: ({ fitted }) => fitted.model.kind === "exact" && fitted.model.context !== undefined,
  async look(subject) {
    const found = await subject.outcomes();
    if (!found) return {};
    const { state, fidelity, classical } = found;
    const numbers: NumberRow[] = [];
    const exact = (value: number) => ({ value, error: Number.NaN });
    if (state)
      numbers.push(
        {
          ...{ key: "state-nll", name: "NLL of the model's state (nats)", estimate: state.nll },
          note: `the density matrix of greatest likelihood of the model's probabilities; ${estimateText(state.gain)} below that of the model, paired`,
        },
        {
          ...{ key: "state-distance", name: "KL(model‖its state) (nats)", estimate: exact(state.distance) },
          note: "how far the model's probabilities are from those of any state",
        },
        {
          ...{ key: "state-purity", name: "purity Tr ρ² of its state", estimate: exact(state.purity) },
          note: "how far finite shots leave it uncertain is not known",
        },
      );
    if (fidelity)
      numbers.push({
        ...{ key: "fidelity", name: `fidelity to ${fidelity.target}`, estimate: fidelity },
        note: state
          ? "squared convention; of the model's state: how far finite shots leave it uncertain is not known"
          : "squared convention; by classical shadows of the model's samples: the error is that of the samples, not of the shots",
      });
    if (classical)
      numbers.push({
        ...{
          key: "classical-fidelity",
          name: "classical fidelity of outcomes",
          estimate: exact(classical.value),
        },
        note: `hides coherence: a share ${formatNumber(classical.coherent, 2)} of the shots is of settings without a qubit along Z, and of a GHZ state no others see it`,
      });
    return { numbers, document: { outcomes: found } };
  },
};
