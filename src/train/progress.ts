import * as z from "zod";
import { estimateSchema } from "./measure.ts";

const count = z.int().min(0);

/** Everything a course needs, besides the vectors, to continue to the same bits. Plain JSON. */
const progressSchema = z.object({
  /** Which course of the plan this is. */
  course: count,
  /** Rounds completed. */
  round: count,
  /** Steps taken. */
  step: count,
  /** Sums of the losses and their parts over the steps of the round under way, and how many steps those are. */
  losses: z.object({ sums: z.record(z.string(), z.number()), count }),
  /** The round and step of the best parameters, and what they are watched by; null before the first look. */
  best: z.object({ round: count, step: count.exactOptional(), value: z.number().nullable() }),
  /** The watched measure before the first step, if it was measured. */
  first: estimateSchema.exactOptional(),
  /** The state of the policy. */
  policy: z.unknown(),
  /** Seconds of training so far. */
  seconds: z.number(),
  /** Why the course has ended, or null. */
  finished: z.string().nullable(),
});

/** The progress of a course. */
export type Standing = z.output<typeof progressSchema>;

/** The form in a checkpoint, which also has the measures of the courses that have ended. */
const storedSchema = progressSchema
  .extend({ ended: z.array(z.unknown()) })
  .transform(({ ended: _, ...progress }) => progress);

/** Returns the progress of a course at its start. */
export const startOf = (course: number, policy: unknown): Standing => ({
  course,
  round: 0,
  step: 0,
  losses: { sums: {}, count: 0 },
  best: { round: 0, value: null },
  policy,
  seconds: 0,
  finished: null,
});

const earlierFit = z.object({
  epoch: count,
  step: count,
  lossSum: z.number(),
  lossCount: count,
  bestEpoch: count,
  bestValid: z.number().nullable(),
  plateau: z.unknown(),
  seconds: z.number(),
  finished: z.string().nullable(),
});

const earlierSolve = z.object({ step: count, seconds: z.number(), finished: z.boolean() });

/**
 * Returns the progress of a course from a checkpoint, or undefined if it holds none: version 0.1 used other
 * words for fits and for solves. `loss` is the name of the first player's loss, `round` the number of steps
 * of a round.
 */
export function readProgress(
  json: unknown,
  { loss, round }: { readonly loss: string; readonly round: number },
): Standing | undefined {
  const now = storedSchema.safeParse(json);
  if (now.success) return now.data;
  const fit = earlierFit.safeParse(json);
  if (fit.success) {
    const { epoch, step, lossSum, lossCount, bestEpoch, bestValid, plateau, seconds, finished } = fit.data;
    return {
      ...startOf(0, plateau),
      ...{ round: epoch, step, seconds, finished },
      losses: { sums: { [loss]: lossSum }, count: lossCount },
      best: { round: bestEpoch, value: bestValid },
    };
  }
  const solve = earlierSolve.safeParse(json);
  if (!solve.success) return undefined;
  const { step, seconds, finished } = solve.data;
  const rounds = Math.floor(step / round);
  return {
    ...startOf(0, null),
    ...{ round: rounds, step, seconds, finished: finished ? "steps" : null },
    best: { round: rounds, value: null },
  };
}
