import { type Generation, type GenerationCost, proposalsChained } from "../../evaluate/index.ts";
import { generation as draw, formatNumber, type NumberRow } from "../../report/index.ts";
import type { Estimate } from "../../stats/index.ts";
import type { FitSubject } from "../fit-subject.ts";
import { generates } from "../generation.ts";
import type { SolveSubject } from "../solve-subject.ts";
import type { Panel, PanelResult } from "../study.ts";

/** Whether a fit's model generates samples of its system more cheaply than the system's own simulation. */
export const generation: Panel<FitSubject> = {
  name: "generation",
  applies: generates,
  look: async (subject, at) => shown(await subject.generation(at)),
};

/** The same of a solve. */
export const solvedGeneration: Panel<SolveSubject> = {
  name: "generation",
  applies: ({ fitted, target, events }) => generates({ fitted, system: target, events }),
  look: async (subject, at) => shown(await subject.generation(at)),
};

function shown(cost: GenerationCost | undefined): PanelResult {
  if (!cost) return {};
  const { model, simulation, breakEven } = cost;
  return {
    numbers: rows(model, simulation, breakEven),
    ...(simulation &&
      breakEven && {
        figures: [
          {
            name: "generation",
            svg: draw(costOf(model), costOf(simulation), breakEven.value),
            caption:
              "Time against the number of effective samples: the model's with its training, corrected by Metropolis, and those of the " +
              "system's fastest simulation with its burn-in; one thread each, in one run on this machine.",
          },
        ],
      }),
    document: { generation: { model, simulation: simulation ?? null, breakEven: breakEven ?? null } },
  };
}

const costOf = ({ sampler, before, perSecond }: Generation) => ({
  label: sampler,
  before,
  perSecond: perSecond.value,
});

function rows(model: Generation, own: Generation | undefined, from: Estimate | undefined): NumberRow[] {
  const spent = (seconds: number) => `${formatNumber(seconds, 2)} s`;
  const found: NumberRow[] = [];
  if (!Number.isNaN(model.perSecond.value))
    found.push({
      ...{ key: "generation", name: `effective samples a second, ${model.sampler}` },
      estimate: model.perSecond,
      note: `after ${spent(model.before)} of training; with Metropolis, τ ${model.tau.value.toFixed(2)} steps${verdict(from)}`,
    });
  if (own)
    found.push({
      ...{ key: "simulation", name: `effective samples a second, ${own.sampler}` },
      estimate: own.perSecond,
      note:
        `the system's fastest simulation, after ${spent(own.before)} of burn-in` +
        (from
          ? ""
          : `; ${model.sampler} with Metropolis: unknown, its chains do not mix in ${proposalsChained} steps`),
    });
  if (from && Number.isFinite(from.value))
    found.push({
      ...{ key: "break-even", name: `samples from which ${model.sampler} is cheaper` },
      estimate: from,
      note: "training and burn-in included",
    });
  return found;
}

/** The verdict for a break-even that is not a finite number. */
function verdict(from: Estimate | undefined): string {
  if (from?.value === Number.POSITIVE_INFINITY) return "; slower than the simulation";
  return from && Number.isNaN(from.value) ? "; about as fast as the simulation" : "";
}
