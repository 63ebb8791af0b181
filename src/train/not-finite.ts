import { AnsatzError } from "../error.ts";

/** Where a training diverged. */
interface Divergence {
  /** Whose loss it is, where several players have one. */
  readonly player?: string | undefined;
  /** What is not finite where no loss showed it: the measure that a look at the model gave. */
  readonly measure?: string | undefined;
  /** Steps taken before it showed. */
  readonly taken: number;
  /** The step whose loss was no number, from 0. */
  readonly step: number;
  readonly lr: number;
  /** The step of the last checkpoint that was kept; 0 where it is that of the start, or where none is. */
  readonly saved: number;
  /** What to change where the loss is none before any step was taken. */
  readonly atOnce: string;
}

/** The AnsatzError (failure) of a loss that is no longer finite: whose, at which step, what to change, and what is kept. */
export function notFinite({ player, measure, taken, step, lr, saved, atOnce }: Divergence): AnsatzError {
  const what = measure
    ? `the measure '${measure}' of the model`
    : player
      ? `the loss of player '${player}'`
      : "the loss";
  if (taken === 0)
    return new AnsatzError("failure", `${what} is not finite before the first step is taken; ${atOnce}`);
  const kept = saved > 0 ? `; the checkpoint of step ${saved} is kept` : "";
  return new AnsatzError(
    "failure",
    `${what} is no longer finite at step ${step} (learning rate ${lr.toPrecision(3)}); try a smaller learning rate or ` +
      `clip the gradient${kept}`,
  );
}
