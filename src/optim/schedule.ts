import { checkInteger, checkPositive, checkRange } from "./check.ts";

/** Learning rate as a function of the number of steps already taken: the first step is at 0. */
export type Schedule = (step: number) => number;

/** The same learning rate at every step. */
export function constant(lr: number): Schedule {
  checkPositive("constant: lr", lr);
  return () => lr;
}

/** Options of {@link cosine}. */
export interface CosineOptions {
  /** Learning rate at step 0. */
  readonly lr: number;
  /** Steps until the final learning rate, which holds from there on. */
  readonly steps: number;
  /** Final learning rate as a fraction of the first; 0. */
  readonly finalFraction?: number;
}

/**
 * Half a cosine from `lr` down to `finalFraction·lr`.
 *
 * Loshchilov & Hutter, arXiv:1608.03983, equation 5, without restarts.
 */
export function cosine({ lr, steps, finalFraction = 0 }: CosineOptions): Schedule {
  checkPositive("cosine: lr", lr);
  checkInteger("cosine: steps", steps, 1);
  checkRange("cosine: finalFraction", finalFraction, 0);
  return (step) => {
    const done = Math.min(step / steps, 1);
    return lr * (finalFraction + (1 - finalFraction) * 0.5 * (1 + Math.cos(Math.PI * done)));
  };
}

/** Options of {@link stepDecay}. */
export interface StepDecayOptions {
  /** Learning rate at step 0. */
  readonly lr: number;
  /** Steps between one drop and the next. */
  readonly every: number;
  /** Factor of each drop; 0.1. */
  readonly factor?: number;
}

/** A learning rate multiplied by `factor` after every `every` steps. */
export function stepDecay({ lr, every, factor = 0.1 }: StepDecayOptions): Schedule {
  checkPositive("stepDecay: lr", lr);
  checkInteger("stepDecay: every", every, 1);
  checkPositive("stepDecay: factor", factor);
  return (step) => lr * factor ** Math.floor(step / every);
}

/**
 * A linear rise over the first `steps` steps into any schedule: step s < `steps` is taken at
 * (s + 1)/`steps` of its rate. The schedule keeps its own count, so its total number of steps stays the same.
 */
export function warmup(steps: number, schedule: Schedule): Schedule {
  checkInteger("warmup: steps", steps, 0);
  return (step) => (step < steps ? ((step + 1) / steps) * schedule(step) : schedule(step));
}
