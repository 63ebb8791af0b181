import type { Key } from "../../../random/key.ts";
import { normal } from "../../../random/normal.ts";
import { fourierTransform2 } from "../../../stats/fft.ts";
import type { MapShape } from "../features/map.ts";

/** The mean over maps of |F(k)|²/sites of each mode, of maps from which a `mean` map is subtracted. */
export function meanPower(maps: readonly Float64Array[], mean: Float64Array, shape: MapShape): Float64Array {
  const size = shape[0] * shape[1];
  const transform = fourierTransform2(shape);
  const power = new Float64Array(size);
  const im = new Float64Array(size);
  for (const map of maps) {
    const re = map.map((v, at) => v - mean[at]!);
    im.fill(0);
    transform(re, im);
    for (let at = 0; at < size; at++)
      power[at] = power[at]! + (re[at]! ** 2 + im[at]! ** 2) / (size * maps.length);
  }
  return power;
}

/**
 * The mean of each pixel over maps, drawn towards the mean of all pixels by as much of its variation as chance explains: of a homogeneous
 * field nearly wholly, of pictures such as faces hardly. The plain means would carry the chance of the maps into all that is drawn with them.
 *
 * Source: Efron & Morris, JASA 70 (1975) 311.
 */
export function meanMap(maps: readonly Float64Array[], size: number): Float64Array {
  const n = maps.length;
  const mean = new Float64Array(size);
  for (const map of maps) for (let at = 0; at < size; at++) mean[at] = mean[at]! + map[at]! / n;
  const all = mean.reduce((sum, v) => sum + v, 0) / size;
  const between = mean.reduce((sum, v) => sum + (v - all) ** 2, 0) / size;
  let within = 0;
  for (const map of maps)
    for (let at = 0; at < size; at++) within += (map[at]! - mean[at]!) ** 2 / (size * (n - 1));
  const kept = between > 0 ? Math.max(0, 1 - within / (n * between)) : 0;
  return mean.map((v) => all + kept * (v - all));
}

/** Returns periodic Gaussian maps with mean 0 and modes of a given `power`, |F(k)|²/sites on average. */
export function gaussianMaps(power: Float64Array, shape: MapShape, rows: number, key: Key): Float64Array[] {
  const size = shape[0] * shape[1];
  const transform = fourierTransform2(shape);
  const roots = power.map((p) => Math.sqrt(Math.max(0, p) / size));
  const maps: Float64Array[] = [];
  // A transform of complex noise gives two real maps that are independent.
  for (let pair = 0; maps.length < rows; pair++) {
    const noise = normal(key.fold(pair), 2 * size, "f64");
    const re = Float64Array.from(roots, (root, at) => root * noise[at]!);
    const im = Float64Array.from(roots, (root, at) => root * noise[size + at]!);
    transform(re, im);
    maps.push(re, im);
  }
  return maps.slice(0, rows);
}
