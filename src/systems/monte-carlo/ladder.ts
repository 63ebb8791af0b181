import { inputError } from "../../error.ts";

/** Temperatures beyond which tempering is refused: a sweep of all of them would take seconds. */
const most = 10_000;

/**
 * Returns the inverse temperatures of parallel tempering, evenly spaced from β down to 0. The spacing is one
 * standard deviation of the energy at β = 0, the `width`, in units of 1/E: about half of the exchanges are
 * then accepted there, and more where the energy fluctuates less.
 *
 * @throws AnsatzError (input) if that would be more than {@link most} temperatures.
 */
export function temperingLadder(beta: number, width: number): Float64Array {
  const intervals = Math.ceil(Math.abs(beta) * width);
  if (intervals > most)
    throw inputError(
      `parallel tempering down from so low a temperature takes more than ${most} temperatures; ` +
        `take beta ${(intervals / most).toPrecision(2)} times smaller`,
    );
  return Float64Array.from({ length: intervals + 1 }, (_, r) => beta * (1 - r / Math.max(intervals, 1)));
}
