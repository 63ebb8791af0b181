import { arrayFrom, sizeOf } from "../../../../array.ts";
import { coordinates } from "../../../../nn/site-convolution.ts";
import { constant, matmul, reshape, type Tensor } from "../../../../tensor/index.ts";
import { alongAxes } from "./along-axes.ts";
import { fixedModes } from "./fixed.ts";
import type { Modes } from "./modes.ts";

/** cas(2πkx/side)/√side, `[side, side]`: orthogonal, symmetric and its own inverse. */
function casMatrix(side: number): Float64Array {
  return Float64Array.from({ length: side * side }, (_, i) => {
    const angle = (2 * Math.PI * ((Math.floor(i / side) * (i % side)) % side)) / side;
    return (Math.cos(angle) + Math.sin(angle)) / Math.sqrt(side);
  });
}

/**
 * Plane waves of a periodic lattice by the Hartley transform (Bracewell, J. Opt. Soc. Am. 73 (1983) 1832): its power spectrum. Waves
 * that reflections turn into one another share a variance.
 */
export function spectrumModes(shape: readonly number[]): Modes {
  const n = sizeOf(shape);
  const hartley = alongAxes(shape, shape.map(casMatrix));
  const names = Array.from({ length: n }, (_, k) =>
    coordinates(shape, k)
      .map((c, axis) => Math.min(c, (shape[axis] as number) - c))
      .join(),
  );
  const orbits = [...new Set(names)];
  const orbit = names.map((name) => orbits.indexOf(name));
  const sizes = orbits.map((_, o) => orbit.filter((own) => own === o).length);
  /** Variances averaged over each orbit: through a matrix `[n, orbits]` and back. */
  const average = (variances: Tensor) => {
    const into = new Float64Array(n * orbits.length);
    const out = new Float64Array(n * orbits.length);
    orbit.forEach((o, k) => {
      into[k * orbits.length + o] = 1 / (sizes[o] as number);
      out[o * n + k] = 1;
    });
    const matrix = (values: Float64Array, size: readonly number[]) =>
      constant(arrayFrom(variances.dtype, size, values));
    const means = matmul(reshape(variances, [1, n]), matrix(into, [n, orbits.length]));
    return reshape(matmul(means, matrix(out, [orbits.length, n])), [n]);
  };
  return fixedModes(n, { to: hartley, from: hartley }, average);
}
