import { AnsatzError } from "../error.ts";

/** The point at which a training diverged. */
interface Divergence {
  /** Whose loss it is, where several players have one. */
  readonly player?: string | undefined;
  /** The measure that is not finite, if a look at the model showed it and no loss did. */
  readonly measure?: string | undefined;
  /** Steps taken before it showed. */
  readonly taken: number;
  /** The step with the non-finite loss, from 0. */
  readonly step: number;
  readonly lr: number;
  /** The step of the last checkpoint that was kept; 0 if that is the start or if there is none. */
  readonly saved: number;
  /** What to change if the loss is not finite before any step was taken. */
  readonly atOnce: string;
}

/**
 * Returns the AnsatzError (failure) for a loss that is no longer finite: which loss, at which step, what to
 * change, and what is kept.
 */
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
