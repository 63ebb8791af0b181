import * as z from "zod";
import type { TrainEvent } from "../train/event.ts";
import { estimateSchema, type MeasureTraits, numberSchema } from "../train/measure.ts";

const quantity = z.enum(["NLL", "NLL bound", "pseudo-NLL", "contrast", "score matching"]);
const count = z.int().min(0);
const real = numberSchema;
const estimate = estimateSchema;

/** One event of a fit, as version 0.1 wrote it. */
export const fitEventSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("start"),
    parameters: count,
    rows: z.object({ train: count, valid: count }),
    epochs: count,
    stepsPerEpoch: count,
    step: count,
    quantities: z.object({ train: quantity, valid: quantity }).exactOptional(),
  }),
  z.object({
    type: z.literal("progress"),
    epoch: count,
    step: count,
    loss: real,
    lr: real,
    rowsPerSecond: real,
    secondsLeft: real,
  }),
  z.object({
    type: z.literal("epoch"),
    epoch: count,
    step: count,
    train: real,
    valid: estimate,
    nll: z
      .object({ lower: estimate, upper: estimate, warnings: z.array(z.string()).readonly() })
      .exactOptional(),
    best: z.boolean(),
    lr: real,
    seconds: real,
  }),
  z.object({
    type: z.literal("density"),
    epoch: count,
    step: count,
    x: z.tuple([real, real]),
    y: z.tuple([real, real]),
    size: count,
    values: z.array(real),
  }),
  z.object({ type: z.literal("checkpoint"), epoch: count, step: count }),
  z.object({
    type: z.literal("done"),
    reason: z.enum(["epochs", "patience"]),
    epoch: count,
    step: count,
    bestEpoch: count,
    seconds: real,
  }),
]);

const measurement = {
  step: count,
  beta: real,
  lr: real,
  bound: estimate,
  ess: real,
  energy: estimate,
};

/** One event of a solve, as version 0.1 wrote it. */
export const solveEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("start"), parameters: count, steps: count, batch: count, step: count }),
  z.object({ type: z.literal("progress"), ...measurement, secondsLeft: real }),
  z.object({ type: z.literal("estimate"), ...measurement, seconds: real }),
  z.object({ type: z.literal("checkpoint"), step: count }),
  z.object({ type: z.literal("done"), step: count, seconds: real }),
]);

type FitEvent = z.output<typeof fitEventSchema>;
type SolveEvent = z.output<typeof solveEventSchema>;
type Quantity = z.output<typeof quantity>;

const traitsOf = (quantity: Quantity): { name: string } & MeasureTraits => ({
  name: quantity === "NLL bound" ? "NLL" : quantity,
  ...(quantity !== "score matching" && { unit: "nats" as const }),
  ...(quantity === "NLL bound" && { bound: "upper" as const }),
});

/** Converts events of a fit from version 0.1. */
function eventsOfFit(events: readonly FitEvent[]): TrainEvent[] {
  let quantities: { train: Quantity; valid: Quantity } = { train: "NLL", valid: "NLL" };
  let batch = 1;
  return events.map((event): TrainEvent => {
    if (event.type === "start") {
      quantities = event.quantities ?? quantities;
      const { parameters, rows, epochs, stepsPerEpoch: round, step } = event;
      batch = Math.floor(rows.train / Math.max(1, round));
      const steps = epochs * round;
      return {
        type: "start",
        parameters,
        steps,
        step,
        round,
        batch,
        rows,
        watched: traitsOf(quantities.valid).name,
      };
    }
    if (event.type === "progress") {
      const { epoch, step, loss, lr, rowsPerSecond, secondsLeft } = event;
      return {
        type: "progress",
        round: epoch,
        step,
        losses: { [quantities.train]: loss },
        lr,
        stepsPerSecond: rowsPerSecond / batch,
        secondsLeft,
      };
    }
    if (event.type === "epoch") {
      const { epoch, step, valid, nll, best, lr, seconds } = event;
      const { name, ...traits } = traitsOf(quantities.valid);
      const measures = {
        [name]: { ...valid, ...traits },
        ...(nll && { NLL: { ...nll, unit: "nats" as const } }),
      };
      return {
        type: "round",
        round: epoch,
        step,
        losses: { [quantities.train]: event.train },
        measures,
        best,
        lr,
        seconds,
      };
    }
    if (event.type === "density") {
      const { epoch, step, type: name, ...data } = event;
      return { type: "picture", round: epoch, step, name, data };
    }
    if (event.type === "checkpoint") return { type: "checkpoint", round: event.epoch, step: event.step };
    const { reason, epoch, step, bestEpoch, seconds } = event;
    return { type: "done", reason, round: epoch, step, best: bestEpoch, seconds };
  });
}

/** Converts events of a solve from version 0.1. */
function eventsOfSolve(events: readonly SolveEvent[]): TrainEvent[] {
  let round = 0;
  return events.map((event): TrainEvent => {
    if (event.type === "start") {
      const { parameters, steps, batch, step } = event;
      return {
        type: "start",
        parameters,
        steps,
        step,
        round: Math.max(1, Math.floor(steps / 200)),
        batch,
        watched: "log Z",
      };
    }
    if (event.type === "progress" || event.type === "estimate") {
      const { step, beta, lr, bound, ess, energy } = event;
      const measures = {
        "log Z": { ...bound, unit: "nats" as const, bound: "lower" as const },
        ESS: { value: ess, error: Number.NaN },
        energy,
      };
      const told = { step, losses: {}, measures, knobs: { beta }, lr };
      if (event.type === "progress")
        return {
          type: "progress",
          round,
          ...told,
          stepsPerSecond: Number.NaN,
          secondsLeft: event.secondsLeft,
        };
      round++;
      return { type: "round", round, ...told, best: true, seconds: event.seconds };
    }
    if (event.type === "checkpoint") return { type: "checkpoint", round, step: event.step };
    return { type: "done", reason: "steps", round, step: event.step, best: round, seconds: event.seconds };
  });
}

/** Returns the events of one log, with those of an earlier version converted. */
export function asNow(events: readonly (TrainEvent | FitEvent | SolveEvent)[]): TrainEvent[] {
  const first = events[0];
  if (first?.type !== "start" || "round" in first) return events as TrainEvent[];
  return "epochs" in first ? eventsOfFit(events as FitEvent[]) : eventsOfSolve(events as SolveEvent[]);
}
