import { inputError, usageError } from "../error.ts";
import { checkCount } from "./count.ts";
import type { Key } from "./key.ts";
import { expOfNonPositive } from "./log.ts";
import { uniform } from "./uniform.ts";

/**
 * `n` independent draws from one distribution over the states 0, 1, ..., weights.length − 1.
 *
 * `weights` are probabilities up to a common factor: finite, none negative, not all 0. One f64 uniform a draw, by
 * inversion of the cumulative sum; a state of weight 0 is never drawn. Throws on other weights, naming the state.
 */
export function categorical(key: Key, weights: ArrayLike<number>, n: number): Int32Array {
  checkCount(n);
  const cumulative = new Float64Array(weights.length);
  let total = 0;
  for (let state = 0; state < weights.length; state++) {
    const weight = weights[state]!;
    if (!(weight >= 0 && weight < Infinity))
      throw inputError(`state ${state} has the weight ${weight}; a weight is finite and not negative`);
    total += weight;
    cumulative[state] = total;
  }
  if (!(total > 0 && total < Infinity))
    throw inputError(
      `the weights of ${weights.length} states sum to ${total}; they must sum to a positive number`,
    );
  const out = new Int32Array(n);
  const draws = uniform(key, n, "f64");
  for (let i = 0; i < n; i++) out[i] = firstAbove(cumulative, draws[i]! * total);
  return out;
}

/**
 * One draw from each row of `logits` `[rows, states]`: state s of a row has probability softmax(row)[s].
 *
 * Logits may be −∞ (never drawn), but not NaN or ∞, and not all −∞ in a row: throws, naming row and state. Row r
 * uses the r-th f64 uniform of the key alone, and no platform arithmetic beyond + − × ÷.
 */
export function categoricalRows(key: Key, logits: ArrayLike<number>, states: number): Int32Array {
  const rows = logits.length / states;
  if (!(states >= 1 && Number.isInteger(rows)))
    throw usageError(`${logits.length} logits are not rows of ${states} states`);
  const out = new Int32Array(rows);
  const draws = uniform(key, rows, "f64");
  const cumulative = new Float64Array(states);
  for (let row = 0; row < rows; row++) {
    const largest = largestLogit(logits, row, states);
    let total = 0;
    for (let state = 0; state < states; state++) {
      total += expOfNonPositive(logits[row * states + state]! - largest);
      cumulative[state] = total;
    }
    out[row] = firstAbove(cumulative, draws[row]! * total);
  }
  return out;
}

function largestLogit(logits: ArrayLike<number>, row: number, states: number): number {
  let largest = -Infinity;
  for (let state = 0; state < states; state++) {
    const logit = logits[row * states + state]!;
    if (!(logit < Infinity))
      throw inputError(`row ${row}, state ${state} has the logit ${logit}; a logit is finite or −Infinity`);
    if (logit > largest) largest = logit;
  }
  if (largest === -Infinity) throw inputError(`row ${row} has no state with a finite logit`);
  return largest;
}

/** The first index with a cumulative weight above `x`: a state of positive weight. */
function firstAbove(cumulative: Float64Array, x: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  const total = cumulative[high]!;
  // Rounding may bring x up to the total itself: then the last state that added to it is meant.
  if (x >= total) return cumulative.indexOf(total);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (cumulative[middle]! > x) high = middle;
    else low = middle + 1;
  }
  return low;
}
