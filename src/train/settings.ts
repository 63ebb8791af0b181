import type * as z from "zod";
import { usageError } from "../error.ts";
import { issueOf } from "../issue.ts";
import { refuseUnknown } from "../nearest.ts";
import {
  adam,
  adamw,
  constant,
  cosine,
  type Optimiser,
  rmsprop,
  type Schedule,
  sgd,
  warmup,
} from "../optim/index.ts";
import { type FitOptions, type FitSettings, fitOptionsSchema } from "./options.ts";
import { type SolveOptions, type SolveSettings, solveOptionsSchema } from "./solve-options.ts";

/**
 * Options of a fit checked, defaults filled in: where training ends by itself, those that suit the model. Throws a usage error that
 * names the option.
 */
export function fitSettings(options: FitOptions, suited: FitOptions = {}): FitSettings {
  return checked("fit", fitOptionsSchema, completed(options, suited));
}

/**
 * Completes given options by those that suit a training, and resolves options that replace others: a
 * schedule, and the options of a training that ends by itself.
 */
export function completed(given: FitOptions, suited: FitOptions): FitOptions {
  const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const schedule = given.schedule ?? (given.patience === undefined ? "auto" : "cosine");
  if (given.time !== undefined && schedule !== "auto")
    throw usageError(
      given.schedule === undefined
        ? "time and patience exclude each other: patience is for schedules other than auto; leave one of them out"
        : `time goes with schedule auto; with schedule ${schedule} give epochs`,
    );
  return { ...(schedule === "auto" ? suited : {}), ...options, schedule };
}

/** Options of a solve checked, defaults filled in; throws a usage error that names the option. */
export function solveSettings(options: SolveOptions): SolveSettings {
  return checked("solve", solveOptionsSchema, options);
}

function checked<S extends z.ZodObject>(what: string, schema: S, options: object): z.output<S> {
  const known = Object.keys(schema.shape);
  refuseUnknown(what, options, known);
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const { key = "options", text } = issueOf(schema, options);
  throw usageError(`${what}: ${key}: ${text}`);
}

/** The update rule that settings name. */
export function optimiserOf({
  optimiser,
  weightDecay,
}: Pick<FitSettings, "optimiser" | "weightDecay">): Optimiser {
  return optimisers[optimiser](weightDecay);
}

const optimisers: Readonly<Record<FitSettings["optimiser"], (weightDecay: number) => Optimiser>> = {
  adam: (weightDecay) => adam({ weightDecay }),
  adamw: (weightDecay) => adamw({ weightDecay }),
  rmsprop: (weightDecay) => rmsprop({ weightDecay }),
  sgd: (weightDecay) => sgd({ weightDecay, momentum: 0.9 }),
};

/** The learning rate as a function of the step, of `steps` in all; `plateau` scales it as a fit goes. */
export function scheduleOf(
  { schedule, lr, warmup: rise }: Pick<FitSettings, "schedule" | "lr" | "warmup">,
  steps: number,
): Schedule {
  return warmup(rise, schedule === "cosine" || schedule === "auto" ? cosine({ lr, steps }) : constant(lr));
}
