import * as z from "zod";
import type { FitEvent, SolveEvent } from "../train/events.ts";

const quantity = z.enum(["NLL", "NLL bound", "pseudo-NLL", "contrast", "score matching"]);
const count = z.number().int().nonnegative();
// JSON has no NaN, which is written as null: the error of a single row, or a loss that went astray.
const real = z.union([z.number(), z.null().transform(() => Number.NaN)]);
const estimate = z.object({ value: real, error: real });

/** One event of a fit, as a log holds it. */
export const fitEventSchema: z.ZodType<FitEvent> = z.discriminatedUnion("type", [
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

/** One event of a solve, as a log holds it. */
export const solveEventSchema: z.ZodType<SolveEvent> = z.discriminatedUnion("type", [
  z.object({ type: z.literal("start"), parameters: count, steps: count, batch: count, step: count }),
  z.object({ type: z.literal("progress"), ...measurement, secondsLeft: real }),
  z.object({ type: z.literal("estimate"), ...measurement, seconds: real }),
  z.object({ type: z.literal("checkpoint"), step: count }),
  z.object({ type: z.literal("done"), step: count, seconds: real }),
]);
