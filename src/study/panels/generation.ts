import {
  breakEven,
  type Generation,
  modelGeneration,
  proposalsChained,
  simulationGeneration,
} from "../../evaluate/index.ts";
import type { FittedExact } from "../../models/fitted/exact.ts";
import { byKind } from "../../models/fitted/fitted.ts";
import { Key } from "../../random/key.ts";
import { generation as draw, formatNumber, type NumberRow } from "../../report/index.ts";
import type { Estimate } from "../../stats/index.ts";
import type { System } from "../../systems/index.ts";
import type { TrainEvent } from "../../train/event.ts";
import type { FitSubject } from "../fit-subject.ts";
import type { SolveSubject } from "../solve-subject.ts";
import type { LookOptions, Panel, PanelResult } from "../study.ts";

/** Whether a fit's model generates samples of its system more cheaply than the system's own simulation. */
export const generation: Panel<FitSubject> = {
  name: "generation",
  applies: ({ fitted, system, events }) =>
    system !== undefined && compared(fitted.model) && trainingOf(events) !== undefined,
  look: async ({ fitted, system, events, seed }, at) =>
    byKind(fitted, {
      exact: (model) => beside(model, system as System, events, seed, at),
      bounded: nothing,
      energy: nothing,
      implicit: nothing,
    }),
};

/** The same of a solve. */
export const solvedGeneration: Panel<SolveSubject> = {
  name: "generation",
  applies: ({ fitted, events }) => compared(fitted.model) && trainingOf(events) !== undefined,
  look: ({ fitted, target, events }, at) => beside(fitted, target, events, 0, at),
};

const nothing = async (): Promise<PanelResult> => ({});

/** Metropolis corrects samples of a likelihood that is exact and has every configuration. */
const compared = (model: { kind: string; context?: unknown; refuses?: unknown }) =>
  model.kind === "exact" && !model.context && !model.refuses;

/** Seconds of the training, if its events tell. */
function trainingOf(events: readonly TrainEvent[]): number | undefined {
  const done = events.findLast(({ type }) => type === "done");
  return done?.type === "done" ? done.seconds : undefined;
}

async function beside(
  fitted: FittedExact,
  system: System,
  events: readonly TrainEvent[],
  seed: number,
  { signal, onProgress }: LookOptions,
): Promise<PanelResult> {
  const key = Key.fromSeed(seed).fold(4);
  const training = trainingOf(events) as number;
  onProgress?.("time samplers", 0, 2);
  const model = await modelGeneration(fitted, system, { training, key: key.fold(0), signal });
  onProgress?.("time samplers", 1, 2);
  const own = await simulationGeneration(system, { key: key.fold(1), signal });
  onProgress?.("time samplers", 2, 2);
  const known = own && !Number.isNaN(model.perSecond.value);
  const from = known ? breakEven(model, own) : undefined;
  return {
    numbers: rows(model, own, from),
    ...(known && {
      figures: [
        {
          name: "generation",
          svg: draw(costOf(model, fitted.model.family), costOf(own, own.sampler)),
          caption:
            "Time against the number of effective samples: the model's with its training, corrected by Metropolis, and those of the " +
            "system's fastest simulation with its burn-in; one thread each, in one run on this machine.",
        },
      ],
    }),
    document: { generation: { model, simulation: own ?? null, breakEven: from ?? null } },
  };
}

const costOf = ({ before, perSecond }: Generation, label: string) => ({
  label,
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
      ...{ key: "break-even", name: `effective samples from which ${model.sampler} is done sooner` },
      estimate: from,
      note: "training and burn-in included",
    });
  return found;
}

/** What a break-even that is no number says. */
function verdict(from: Estimate | undefined): string {
  if (from?.value === Number.POSITIVE_INFINITY) return "; slower than the simulation";
  return from && Number.isNaN(from.value) ? "; about as fast as the simulation" : "";
}
