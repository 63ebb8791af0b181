import { type NDArray, sizeOf } from "../array.ts";
import { numbers } from "../data/values.ts";
import type { Observable } from "./observable.ts";

/**
 * Observables of maps of the sky, which have no energy: each map's mean and the variance of its pixels about
 * it.
 */
export const mapObservables: Readonly<Record<string, Observable>> = {
  pixelMean: (x) => pixelMoments(x, (mean) => mean),
  pixelVariance: (x) => pixelMoments(x, (mean, square) => square - mean * mean),
};

/** A function of the mean and the mean square of the pixels of each map. */
function pixelMoments(x: NDArray, of: (mean: number, square: number) => number): Float64Array {
  const values = numbers(x);
  const width = sizeOf(x.shape.slice(1));
  return Float64Array.from({ length: x.shape[0] as number }, (_, row) => {
    let [sum, squares] = [0, 0];
    for (let i = row * width; i < (row + 1) * width; i++) {
      const v = values[i] as number;
      sum += v;
      squares += v * v;
    }
    return of(sum / width, squares / width);
  });
}
