import { siteShape } from "../../data/space.ts";
import { twoPoint } from "../../evaluate/index.ts";
import { configurations, correlation, logWeights } from "../../report/index.ts";
import { importance } from "../../stats/index.ts";
import { shownConfigurations } from "../fit-subject.ts";
import type { SolveSubject } from "../solve-subject.ts";
import type { Panel } from "../study.ts";
import { firstRows, siteOf } from "./configurations.ts";
import { besideText } from "./reweighted.ts";

/** Configurations that a solved model draws. */
export const solvedConfigurations: Panel<SolveSubject> = {
  name: "configurations",
  applies: () => true,
  async look(subject, at) {
    const { target, simulated } = subject;
    const { space } = target;
    const { drawn } = await subject.solved(at);
    const svg = configurations({
      ...{ site: siteOf(space), shape: siteShape(space), count: shownConfigurations },
      ...(simulated && { data: firstRows(space, simulated.x) }),
      model: firstRows(space, drawn.x),
    });
    const caption = `Configurations drawn from the model${besideText(subject)}.`;
    return { figures: [{ name: "configurations", svg, caption }] };
  },
};

/** The two-point function, the model's reweighted. */
export const solvedCorrelation: Panel<SolveSubject> = {
  name: "correlation",
  applies: ({ target }) => target.correlation !== undefined,
  async look(subject, at) {
    const { target, simulated } = subject;
    const { drawn } = await subject.solved(at);
    const model = twoPoint(target, { x: drawn.x }, importance(drawn.logWeight));
    if (!model) return {};
    const data = simulated && twoPoint(target, simulated);
    const caption = `Two-point function along the axes of the lattice, the model's reweighted, with one standard error${besideText(subject)}.`;
    return { figures: [{ name: "correlation", svg: correlation({ label: "G(r)", model, data }), caption }] };
  },
};

/** −βE against log q of samples. */
export const solvedWeights: Panel<SolveSubject> = {
  name: "log-weights",
  applies: () => true,
  async look(subject, at) {
    const { target } = subject;
    const { drawn, free } = await subject.solved(at);
    const { beta, exact } = target;
    const svg = logWeights({
      logProb: drawn.energy.map((e, i) => -beta * e - (drawn.logWeight[i] as number)),
      minusAction: drawn.energy.map((e) => -beta * e),
      logZ: exact ? { value: exact.logZ, label: "exact log Z" } : { value: free.logZ.value },
    });
    const caption =
      "−βE against log q of samples: those of a perfect model lie on the line; their distance from it is the log-weight.";
    return { figures: [{ name: "log-weights", svg, caption }] };
  },
};
