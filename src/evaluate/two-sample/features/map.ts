/** Height and width of a map. */
export type MapShape = readonly [number, number];

/** Features of one map at a time. */
export interface MapStatistic {
  /** Names of the numbers. */
  readonly names: readonly string[];
  /** Position of each number on the axis of a curve. */
  readonly at?: readonly number[];
  /** Writes the numbers of `map`, [height, width] row by row in units of its scale, to `out` from `at` on. */
  write(map: Float64Array, out: Float64Array, at: number): void;
}

/** Makes a statistic for maps of one shape; its levels are taken from the `reference` maps. */
export type MakeMapStatistic = (shape: MapShape, reference: readonly Float64Array[]) => MapStatistic;

/** Continuation of a map beyond its edges. */
export type Edge = "mirror" | "periodic";

/** The place that `i` has on an axis of n places. */
export function placeOn(i: number, n: number, edge: Edge): number {
  if (edge === "periodic") return ((i % n) + n) % n;
  const around = ((i % (2 * n)) + 2 * n) % (2 * n);
  return around < n ? around : 2 * n - 1 - around;
}

/** Returns a function that smooths maps by a Gaussian of standard deviation `sigma`, in pixels. */
export function smoother(
  [height, width]: MapShape,
  sigma: number,
  edge: Edge = "mirror",
): (map: Float64Array) => Float64Array {
  const reach = Math.ceil(3 * sigma);
  const taps = Float64Array.from({ length: 2 * reach + 1 }, (_, t) =>
    Math.exp(-((t - reach) ** 2) / (2 * sigma ** 2)),
  );
  const total = taps.reduce((sum, t) => sum + t, 0);
  const weights = taps.map((t) => t / total);
  const places = (n: number) =>
    Int32Array.from({ length: n * weights.length }, (_, i) =>
      placeOn(Math.floor(i / weights.length) + (i % weights.length) - reach, n, edge),
    );
  const [rows, columns] = [places(height), places(width)];
  return (map) => {
    const across = new Float64Array(map.length);
    for (let i = 0; i < height; i++)
      for (let j = 0; j < width; j++) {
        let sum = 0;
        for (let t = 0; t < weights.length; t++)
          sum += weights[t]! * map[i * width + columns[j * weights.length + t]!]!;
        across[i * width + j] = sum;
      }
    const out = new Float64Array(map.length);
    for (let i = 0; i < height; i++)
      for (let t = 0; t < weights.length; t++) {
        const from = rows[i * weights.length + t]! * width;
        for (let j = 0; j < width; j++)
          out[i * width + j] = out[i * width + j]! + weights[t]! * across[from + j]!;
      }
    return out;
  };
}

/** All values of some maps, one after the other. */
export function valuesOf(maps: readonly Float64Array[]): Float64Array {
  const size = maps[0]?.length ?? 0;
  const out = new Float64Array(size * maps.length);
  maps.forEach((map, i) => {
    out.set(map, i * size);
  });
  return out;
}
