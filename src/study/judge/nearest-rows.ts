import { type NDArray, takeRows } from "../../array.ts";
import type { Space } from "../../data/space.ts";
import { distance, pointEncoder } from "../../evaluate/index.ts";
import { shownConfigurations } from "../fit-subject.ts";

/** Real rows that are looked through. */
const mostRows = 5000;

/** For each of the first rows of `x` that a figure shows, the nearest of the `real` rows. */
export function nearestRows(space: Space, x: NDArray, real: NDArray): NDArray {
  const rows = (a: NDArray, most: number) =>
    Uint32Array.from({ length: Math.min(most, a.shape[0] as number) }, (_, row) => row);
  const encode = pointEncoder(space, real);
  const [own, others] = [
    encode(takeRows(x, rows(x, shownConfigurations))),
    encode(takeRows(real, rows(real, mostRows))),
  ];
  const nearest = Uint32Array.from({ length: own.count }, (_, i) => {
    let [best, least] = [0, Infinity];
    for (let j = 0; j < others.count; j++) {
      const d = distance(own, i, others, j);
      if (d < least) [best, least] = [j, d];
    }
    return best;
  });
  return takeRows(real, nearest);
}
