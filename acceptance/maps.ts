import { type NDArray, ndarray } from "ansatz";
import { Key, normal } from "ansatz/random";

/** Rows of maps for tests: [rows, side, side]. */
export type Maps = NDArray<"f32">;

/** Periodic Gaussian maps of unit variance with structure at two scales and a little white noise. */
export function gaussianTestMaps(seed: number, rows: number, side = 32): Maps {
  const key = Key.fromSeed(seed);
  const size = side * side;
  const fine = kernelOf(1, side);
  const coarse = kernelOf(3, side);
  const norm = Math.sqrt(2 + 0.3 ** 2);
  const out = new Float32Array(rows * size);
  for (let row = 0; row < rows; row++) {
    const noise = normal(key.fold(row), 3 * size, "f64");
    const a = smoothed(noise.subarray(0, size), side, fine);
    const b = smoothed(noise.subarray(size, 2 * size), side, coarse);
    for (let i = 0; i < size; i++) out[row * size + i] = (a[i]! + b[i]! + 0.3 * noise[2 * size + i]!) / norm;
  }
  return ndarray("f32", [rows, side, side], out);
}

/** Maps value by value. */
export const mapped = (x: Maps, of: (value: number) => number): Maps =>
  ndarray("f32", x.shape, Float32Array.from(x.data, of));

/** Lognormal maps of mean 0: exp(g/2) minus its mean. */
export const lognormalTestMaps = (seed: number, rows: number, side = 32): Maps =>
  mapped(gaussianTestMaps(seed, rows, side), (g) => Math.exp(0.5 * g) - Math.exp(0.125));

/** The rows of a set smoothed over one pixel. */
export function smoothedRows(x: Maps): Maps {
  const side = x.shape[1] as number;
  const kernel = kernelOf(1, side);
  const total = kernel.reduce((sum, v) => sum + v, 0);
  const weights = kernel.map((v) => v / total);
  const size = side * side;
  const out = new Float32Array(x.data.length);
  for (let row = 0; row * size < out.length; row++)
    out.set(
      smoothed(Float64Array.from(x.data.subarray(row * size, (row + 1) * size)), side, weights),
      row * size,
    );
  return ndarray("f32", x.shape, out);
}

/** A periodic Gaussian kernel along one axis, for which smoothed white noise has unit variance. */
function kernelOf(sigma: number, side: number): Float64Array {
  const taps = Float64Array.from({ length: side }, (_, i) =>
    Math.exp(-(Math.min(i, side - i) ** 2) / (2 * sigma ** 2)),
  );
  const norm = Math.sqrt(taps.reduce((sum, v) => sum + v * v, 0));
  return taps.map((v) => v / norm);
}

function smoothed(map: Float64Array, side: number, kernel: Float64Array): Float64Array {
  const near = [...kernel.keys()].filter((i) => kernel[i]! > 1e-6);
  const along = (from: Float64Array, stride: number, across: number) => {
    const to = new Float64Array(from.length);
    for (let line = 0; line < side; line++)
      for (let i = 0; i < side; i++) {
        let sum = 0;
        for (const k of near) sum += kernel[k]! * from[line * across + ((i + k) % side) * stride]!;
        to[line * across + i * stride] = sum;
      }
    return to;
  };
  return along(along(map, 1, side), side, 1);
}
