import type { Key } from "../random/key.ts";
import { stream } from "../random/stream.ts";
import { type Tally, withCounts } from "./counts.ts";

/**
 * Returns counts drawn from `probabilities`, `[settings, 2^N]`, with the number of shots of `tally` in each
 * setting; same key, same counts.
 */
export function drawCounts(tally: Tally, probabilities: Float64Array, key: Key): Tally {
  const outcomes = 2 ** tally.qubits;
  const counts = new Float64Array(probabilities.length);
  const random = stream(key);
  const cumulated = new Float64Array(outcomes);
  tally.shotsOf.forEach((shots, s) => {
    if (shots === 0) return;
    let total = 0;
    for (let a = 0; a < outcomes; a++) {
      total += Math.max(probabilities[s * outcomes + a]!, 0);
      cumulated[a] = total;
    }
    for (let shot = 0; shot < shots; shot++) {
      const u = random.uniform() * total;
      let [low, high] = [0, outcomes - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (cumulated[middle]! > u) high = middle;
        else low = middle + 1;
      }
      counts[s * outcomes + low]!++;
    }
  });
  return withCounts(tally, counts);
}
