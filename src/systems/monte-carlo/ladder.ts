/**
 * Inverse temperatures of parallel tempering, evenly spaced from β down to 0. The spacing is one standard deviation of the
 * energy at β = 0, the `width`, in units of 1/E: about half of the exchanges are then accepted there, and more where the
 * energy fluctuates less.
 */
export function temperingLadder(beta: number, width: number): Float64Array {
  const intervals = Math.ceil(Math.abs(beta) * width);
  return Float64Array.from({ length: intervals + 1 }, (_, r) => beta * (1 - r / Math.max(intervals, 1)));
}
