import { usageError } from "../error.ts";
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

/** Options checked, defaults filled in; throws a usage error that names the option. */
export function fitSettings(options: FitOptions): FitSettings {
  const parsed = fitOptionsSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw usageError(`fit: ${issue?.path.join(".") || "options"}: ${issue?.message}`);
}

/** The update rule that settings name. */
export function optimiserOf({ optimiser, weightDecay }: FitSettings): Optimiser {
  if (optimiser === "adamw") return adamw({ weightDecay });
  if (optimiser === "rmsprop") return rmsprop({ weightDecay });
  if (optimiser === "sgd") return sgd({ weightDecay, momentum: 0.9 });
  return adam({ weightDecay });
}

/** The learning rate as a function of the step; `plateau` scales it as the fit goes. */
export function scheduleOf(
  { schedule, lr, warmup: rise, epochs }: FitSettings,
  stepsPerEpoch: number,
): Schedule {
  const steps = epochs * stepsPerEpoch;
  return warmup(rise, schedule === "cosine" ? cosine({ lr, steps }) : constant(lr));
}
