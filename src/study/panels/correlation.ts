import type { Dataset } from "../../data/dataset.ts";
import { siteLattice, siteTwoPoint, type TwoPoint, twoPoint } from "../../evaluate/index.ts";
import { correlation as draw } from "../../report/index.ts";
import type { FitSubject, SubjectSamples } from "../fit-subject.ts";
import type { Panel } from "../study.ts";

/** The two-point function of data and model along the axes of the lattice; without a known system the connected one. */
export const correlation: Panel<FitSubject> = {
  name: "correlation",
  applies: ({ system, dataset }) => (system ? system.correlation !== undefined : isLattice(dataset)),
  async look(subject, at) {
    const { all } = subject;
    const drawn = await subject.drawn(at);
    const [data, model] = [measured(subject, all), measured(subject, drawn)];
    if (!data || !model) return {};
    const known = subject.system !== undefined;
    const caption = known
      ? "Two-point function along the axes of the lattice, with one standard error."
      : "Connected two-point function along the longest axes, of pairs within the lattice, with one standard error.";
    const label = known ? "G(r)" : "connected G(r)";
    return { figures: [{ name: "correlation", svg: draw({ label, data, model }), caption }] };
  },
};

/** Whether rows of one unknown system lie on a lattice; rows of several contexts have no common mean. */
const isLattice = (dataset: Dataset) =>
  !dataset.meta?.system && !dataset.context && siteLattice(dataset) !== undefined;

function measured(
  { system, dataset }: FitSubject,
  { x, chain, parent, spacing }: SubjectSamples & Pick<FitSubject["all"], "parent" | "spacing">,
): TwoPoint[] | undefined {
  const rows = {
    x,
    ...(chain && { chain }),
    ...(parent && { parent }),
    ...(spacing && { spacing }),
  };
  return system ? twoPoint(system, rows) : siteTwoPoint(dataset, rows);
}
