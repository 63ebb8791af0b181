import * as z from "zod";
import { constant, warmup } from "../optim/index.ts";
import { type Estimate, independentMean } from "../stats/index.ts";
import type { Look, Policy, Verdict } from "./course.ts";

/** Steps between a look and the next, as a share of the steps so far. */
export const BETWEEN_LOOKS = 0.15;
/** The best so far is compared with the best at this share of the steps. */
const EARLIER = 2 / 3;
/**
 * A gain below this number of its own errors counts as none; the same number of looks in a row without a gain
 * ends the rise.
 */
const SIGMAS = 2;
const LOOKS = 2;
/** The rate falls to 0 over this share of the steps that gave the best parameters. */
const FALL = 0.4;
/** Looks while the rate falls. */
const FALL_LOOKS = 4;
/** The same of a game, whose players circle each other at a constant rate and come to rest only as it falls. */
const GAME = { fall: 3, looks: 12 };

const schema = z.object({
  /** Looks running without a gain. */
  idle: z.int().min(0),
  /**
   * The best parameters of earlier looks that are still compared with: their step, and the measure of each
   * row.
   */
  best: z.array(z.object({ step: z.int().min(0), rows: z.array(z.number()) })),
  /** The steps between which the rate falls, once it does. */
  fall: z
    .object({ from: z.int().min(0), to: z.int().min(0), why: z.enum(["gained no more", "steps", "time"]) })
    .nullable(),
});

type State = z.output<typeof schema>;

/** Arguments of {@link autoPolicy}. */
export interface AutoSetup {
  readonly lr: number;
  /** Steps over which the rate rises at first. */
  readonly warmup: number;
  /** The step of the first look. */
  readonly first: number;
  /** Minimum number of steps before the rate falls: small gains do not show in held-out rows. */
  readonly least: number;
  /** Steps at most. */
  readonly cap: number;
  /** Seconds of training, at most and about. */
  readonly time?: number | undefined;
  /** Whether training ends when the measure no longer improves (default true). */
  readonly ends?: boolean | undefined;
  /** The mean of a number of each held-out row, with an error that allows for the chains they come from. */
  mean(values: Float64Array): Estimate;
}

/**
 * Returns the policy of a training that ends when it is done. The rate is constant; the model is looked at at
 * steps that grow by 15 %, with a measure for each held-out row. At some look the best parameters so far have
 * gained less than two of their own errors, row by row, on the best at two thirds of the steps. When this
 * happens at two looks in a row, after the least steps, training goes back to the best, lets the rate fall
 * linearly to 0 over 40 % of their steps, and stops. The fall begins early enough to end at the cap, and
 * about when the time is over: the step at which the clock struck is in the checkpoint.
 *
 * If no gain ends it, as in a game with a measure that rests while the players learn, the rate falls over the
 * last three quarters, from the present state: the best parameters so far may be early ones, at which the
 * players did not match the optimisers' present running averages.
 */
export function autoPolicy({
  lr,
  warmup: rise,
  first,
  least,
  cap,
  time,
  ends = true,
  mean,
}: AutoSetup): Policy<State> {
  const schedule = warmup(rise, constant(lr));
  /** The look at which the rate begins to fall in any case. */
  const { fall: share, looks } = ends ? { fall: FALL, looks: FALL_LOOKS } : GAME;
  const latest = Math.max(1, Math.floor(cap / (1 + share)));
  /** Whether the time left is only enough for the fall. */
  const isLate = (seconds: number) => time !== undefined && seconds >= time / (1 + share);

  return {
    initial: { idle: 0, best: [], fall: null },
    schema,
    rate({ step, update, updates }, { fall }) {
      const at = step + update / updates;
      return schedule(at) * (fall ? Math.max(0, (fall.to - at) / (fall.to - fall.from)) : 1);
    },
    nextLook(step, { fall }) {
      if (fall) {
        const each = (fall.to - fall.from) / looks;
        return Math.min(
          fall.to,
          Math.ceil(fall.from + each * (Math.floor((step - fall.from) / each + 1e-9) + 1)),
        );
      }
      return Math.min(latest, growing(first, step));
    },
    due: (seconds, { fall }) => !fall && isLate(seconds),
    end: ({ fall }) => (fall ? { step: fall.to, open: false } : { step: cap, open: true, seconds: time }),
    observe(state, look): Verdict<State> {
      const { fall } = state;
      if (fall) return { state, finished: look.step >= fall.to ? fall.why : undefined };
      const best = compared(state.best, look);
      const idle = !ends || look.step < least || gains(best, look.step, mean) ? 0 : state.idle + 1;
      const late = isLate(look.seconds);
      if (idle < LOOKS && look.step < latest && !late) return { state: { ...state, best, idle } };
      const to =
        look.step +
        Math.min(cap - look.step, Math.max(looks, Math.ceil(share * (ends ? look.best.step : look.step))));
      const why = idle >= LOOKS ? "gained no more" : late ? "time" : "steps";
      return {
        state: { best: [], idle, fall: { from: look.step, to, why } },
        restore: ends && look.best.step < look.step,
        keep: late,
        finished: to <= look.step ? why : undefined,
      };
    },
  };
}

/** The first of the steps first, 1.15 first, … that comes after `step`. */
function growing(first: number, step: number): number {
  let look = first;
  while (look <= step) look = Math.ceil(look * (1 + BETWEEN_LOOKS));
  return look;
}

/**
 * The parameters to compare with later: the present best, those since two thirds of the steps, and the last
 * before.
 */
function compared(earlier: State["best"], { step, best, rows }: Look): State["best"] {
  const all =
    best.step === step && rows ? [...earlier, { step, rows: Array.from(Float32Array.from(rows)) }] : earlier;
  const last = all.findLastIndex((one) => one.step <= EARLIER * step);
  return all.slice(Math.max(0, last));
}

/**
 * Whether the present best is better than the best of two thirds of the steps by more than chance; true if
 * there was none yet.
 */
function gains(best: State["best"], step: number, mean: AutoSetup["mean"]): boolean {
  const [reference, now] = [best[0], best.at(-1)];
  if (!reference || !now || reference.step > EARLIER * step) return true;
  const differences = Float64Array.from(now.rows, (v, i) => (reference.rows[i] as number) - v);
  const { value, error } = mean(differences);
  // Chains too short for an error: rows count as independent.
  return value > 0 && value >= SIGMAS * (Number.isFinite(error) ? error : independentMean(differences).error);
}
