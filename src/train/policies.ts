import * as z from "zod";
import { plateau } from "../optim/index.ts";
import type { Policy } from "./course.ts";
import type { FitSettings } from "./options.ts";
import { scheduleOf } from "./settings.ts";

const plateauSchema = z.object({ scale: z.number(), best: z.number().nullable(), stale: z.int().min(0) });

/**
 * Returns the policy of a fit: a schedule over its steps, optionally scaled by a plateau, and an end after a
 * number of epochs or after `patience` epochs without a better one.
 */
export function epochPolicy(
  settings: Pick<FitSettings, "patience" | "schedule" | "lr" | "warmup"> & { readonly epochs: number },
  stepsPerEpoch: number,
): Policy<z.output<typeof plateauSchema>> {
  const { epochs, patience } = settings;
  const schedule = scheduleOf(settings, epochs * stepsPerEpoch);
  const watch = plateau();
  return {
    initial: { scale: 1, best: null, stale: 0 },
    schema: plateauSchema,
    rate: ({ step, update, updates }, { scale }) => schedule(step + update / updates) * scale,
    observe: (state, { round, best, value }) => ({
      state: settings.schedule === "plateau" ? watch.observe(state, value) : state,
      finished:
        patience > 0 && round - best.round >= patience ? "patience" : round >= epochs ? "epochs" : undefined,
    }),
  };
}

/** The policy of a solve: a schedule over the updates of all its steps. */
export function stepPolicy(schedule: (update: number) => number): Policy<null> {
  return {
    initial: null,
    schema: z.null(),
    rate: ({ step, update, updates }) => schedule(step * updates + update),
    observe: (state) => ({ state }),
  };
}
