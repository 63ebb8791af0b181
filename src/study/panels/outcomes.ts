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
    const { state, fidelity, classical, coherent } = found;
    const exact = (value: number) => ({ value, error: 0 });
    const uncertain = (value: number) => ({ value, error: Number.NaN });
    const seen = `of a GHZ state only shots without a qubit along Z see coherence, ${formatNumber(100 * coherent, 2)} % of these`;
    const numbers: NumberRow[] = [];
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
          ...{ key: "state-purity", name: "purity Tr ρ² of its state", estimate: uncertain(state.purity) },
          note: "how far finite shots leave it uncertain is not known",
        },
      );
    if (fidelity)
      numbers.push({
        ...{ key: "fidelity", name: `fidelity to ${fidelity.target}`, estimate: fidelity },
        note: state
          ? "squared convention; of the model's state: how far finite shots leave it uncertain is not known"
          : `squared convention; by classical shadows of the model's samples: the error is that of the samples, not of the shots; ${seen}`,
      });
    if (classical !== undefined)
      numbers.push({
        ...{
          key: "classical-fidelity",
          name: "classical fidelity of outcomes",
          estimate: uncertain(classical),
        },
        note: `hides coherence: ${seen}`,
      });
    return { numbers, document: { outcomes: found } };
  },
};
