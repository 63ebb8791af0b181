import { twoPoint } from "../../evaluate/index.ts";
import { correlation as draw } from "../../report/index.ts";
import type { FitSubject } from "../fit-subject.ts";
import type { Panel } from "../study.ts";

/** The two-point function of data and model along the axes of the lattice. */
export const correlation: Panel<FitSubject> = {
  name: "correlation",
  applies: ({ system }) => system?.correlation !== undefined,
  async look(subject, at) {
    const { system, all } = subject;
    const drawn = await subject.drawn(at);
    const [data, model] = system
      ? [twoPoint(system, all), twoPoint(system, { x: drawn.x, ...(drawn.chain && { chain: drawn.chain }) })]
      : [];
    if (!data || !model) return {};
    const caption = "Two-point function along the axes of the lattice, with one standard error.";
    return { figures: [{ name: "correlation", svg: draw({ label: "G(r)", data, model }), caption }] };
  },
};
