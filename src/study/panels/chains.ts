import { type ChainDiagnostics, chainDiagnostics } from "../../evaluate/index.ts";
import type { NumberRow } from "../../report/index.ts";
import type { FitSubject } from "../fit-subject.ts";
import type { Panel } from "../study.ts";

/** The movement of an energy model's chains, and a comparison of their energies with the data's. */
export const chains: Panel<FitSubject> = {
  name: "chains",
  applies: ({ fitted }) => fitted.model.kind === "energy",
  async look(subject, at) {
    const [drawn, energies] = [await subject.drawn(at), await subject.energies()];
    const { chain, logWeight, x } = drawn;
    if (!energies || !chain || !logWeight) return {};
    const found = chainDiagnostics(
      { x, chain, logWeight },
      { ...subject.scored, logWeight: energies },
      subject.dataset.space,
    );
    return { numbers: chainRows(found), document: { chains: found } };
  },
};

/** The rows of a numbers table that the chains of an energy model make. */
function chainRows({ logWeight, rHat, mode }: ChainDiagnostics): NumberRow[] {
  const agree = (value: number) => (Number.isNaN(value) ? "" : `R̂ ${value.toFixed(3)} between the chains`);
  const rows: NumberRow[] = [
    {
      name: "log-weight of chains (nats)",
      estimate: logWeight.chains,
      reference: { ...logWeight.data, source: "data" },
      note: agree(rHat),
    },
  ];
  if (!mode) return rows;
  const { mixing, above, rHat: between } = mode;
  rows.push({
    name: "share of chains in the data's upper mode",
    estimate: above.chains,
    reference: { ...above.data, source: "data" },
    note: agree(between),
  });
  // Chains that never left one side say nothing of how often they would cross.
  if (Number.isFinite(mixing.value))
    rows.push({
      name: "mixing between modes",
      estimate: mixing,
      note: "1: as often as independent rows; 0: never",
    });
  return rows;
}
