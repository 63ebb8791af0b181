import { variance } from "../../../stats/index.ts";
import type { Annealing } from "../along-path.ts";

/** The part of the points that is spread evenly, whatever a pilot run saw. */
const EVEN = 0.1;

/** `count` + 1 points from 0 to 1 at equal distances. */
export function evenTemperatures(count: number): Float32Array {
  return Float32Array.from({ length: count + 1 }, (_, i) => i / count);
}

/**
 * Returns `count` + 1 points from 0 to 1, dense where an annealing along the same path spent its work: at
 * constant thermodynamic speed. A piece of n steps in which the log-weights of the chains spread with
 * variance V has the length √(nV), which measures both how slowly the chains follow and how fast the
 * distribution changes; the points are at equal lengths. A tenth of the points is spread evenly, so that no
 * stretch depends on a noisy variance alone.
 *
 * Source: Crooks, Phys. Rev. Lett. 99 (2007) 100602; Sivak & Crooks, Phys. Rev. Lett. 108 (2012) 190602, eq.
 * 13.
 */
export function adaptedTemperatures(
  pilot: Pick<Annealing, "pieces" | "edges" | "steps">,
  count: number,
): Float32Array {
  const { pieces, edges, steps } = pilot;
  const lengths = pieces.map((works, i) => Math.sqrt((steps[i] as number) * variance(works)));
  const total = lengths.reduce((sum, l) => sum + l, 0);
  if (!(total > 0 && Number.isFinite(total))) return evenTemperatures(count);
  const width = (i: number) => Math.abs((edges[i + 1] as number) - (edges[i] as number));
  const shares = lengths.map((l, i) => ((1 - EVEN) * l) / total + EVEN * width(i));
  const low = (i: number) => Math.min(edges[i] as number, edges[i + 1] as number);
  // From t = 0 up, whichever way the pilot went.
  const order = [...shares.keys()].sort((a, b) => low(a) - low(b));
  const points = new Float32Array(count + 1);
  let [k, before] = [1, 0];
  for (const piece of order) {
    const share = shares[piece] as number;
    while (k < count && k / count <= before + share) {
      points[k] = low(piece) + (width(piece) * (k / count - before)) / share;
      k++;
    }
    before += share;
  }
  // Rounding may leave the last few beyond the last piece.
  points.fill(1, k);
  return points;
}
