import { sizeOf } from "../array.ts";
import type { Estimate } from "../stats/index.ts";
import { rowMean } from "../stats/row-mean.ts";
import type { PartRows } from "./rows.ts";
import { type RowsOfSites, siteLattice } from "./site-lattice.ts";
import { everyNth } from "./thinned-rows.ts";

/** Multiplications of the transforms beyond which rows are left out. */
const mostWork = 600_000_000;
/** Shortest side that has a spectrum. */
const shortest = 8;

/** The power spectrum at one wave number. */
export interface SpectrumPoint extends Estimate {
  /** |k| in units of 2π over the longest side. */
  readonly k: number;
}

/**
 * The power spectrum P(k) = |Σ_x φ_x e^{−ikx}|²/N of fields and grey levels in one or two dimensions, sides of 8 at least, averaged
 * over the momenta whose |k| rounds to each whole number up to half the longest side; undefined for other rows. Errors are those of
 * {@link rowMean}. The transform takes the lattice for periodic: a field that is not leaks power of its edges, as k⁻², in data and model
 * alike.
 */
export function spectrum(known: RowsOfSites, rows: PartRows): SpectrumPoint[] | undefined {
  const lattice = siteLattice(known);
  if (!lattice || (lattice.kind !== "field" && lattice.kind !== "levels")) return undefined;
  const { shape } = lattice;
  if (shape.length > 2 || Math.min(...shape) < shortest) return undefined;
  const [height, width] = [shape.length === 2 ? (shape[0] as number) : 1, shape.at(-1) as number];
  const n = sizeOf(shape);
  const few = everyNth(rows, mostWork / (n * (height + width)));
  const values = lattice.values(few.x);
  const count = values.length / n;
  const longest = Math.max(height, width);
  const shells = Math.floor(longest / 2);
  // Momenta and their opposites have equal power: half of the last axis tells it all.
  const half = Math.floor(width / 2) + 1;
  const shell = Int32Array.from({ length: height * half }, (_, i) => {
    const [ky, kx] = [Math.floor(i / half), i % half];
    const y = (Math.min(ky, height - ky) * longest) / height;
    return Math.round(Math.hypot(y, (kx * longest) / width));
  });
  const weight = (kx: number) => (kx === 0 || 2 * kx === width ? 1 : 2);
  const total = new Float64Array(shells + 1);
  shell.forEach((s, i) => {
    if (s <= shells) total[s] = (total[s] as number) + weight(i % half);
  });
  const columns = Array.from({ length: shells + 1 }, () => new Float64Array(count));
  const power = transform(height, width, half);
  for (let row = 0; row < count; row++) {
    const powers = power(values.subarray(row * n, (row + 1) * n));
    for (let i = 0; i < shell.length; i++) {
      const s = shell[i] as number;
      const column = columns[s];
      if (!column || s > shells) continue;
      column[row] =
        (column[row] as number) + ((powers[i] as number) * weight(i % half)) / (n * (total[s] as number));
    }
  }
  return columns.flatMap((column, k) =>
    k === 0 || total[k] === 0 ? [] : [{ k, ...rowMean(column, few.chain, few.spacing) }],
  );
}

/** |Σ φ e^{−ikx}|² of one field for all momenta `[height, half]`, by sums along one axis after the other. */
function transform(height: number, width: number, half: number): (field: Float64Array) => Float64Array {
  const waves = (side: number) =>
    [Math.cos, Math.sin].map((of) =>
      Float64Array.from({ length: side }, (_, i) => of((2 * Math.PI * i) / side)),
    );
  const [cosX, sinX] = waves(width) as [Float64Array, Float64Array];
  const [cosY, sinY] = waves(height) as [Float64Array, Float64Array];
  const [real, imaginary] = [new Float64Array(height * half), new Float64Array(height * half)];
  const powers = new Float64Array(height * half);
  return (field) => {
    for (let y = 0; y < height; y++)
      for (let kx = 0; kx < half; kx++) {
        let [a, b] = [0, 0];
        for (let x = 0, at = 0; x < width; x++, at = (at + kx) % width) {
          const v = field[y * width + x] as number;
          a += v * (cosX[at] as number);
          b -= v * (sinX[at] as number);
        }
        real[y * half + kx] = a;
        imaginary[y * half + kx] = b;
      }
    for (let ky = 0; ky < height; ky++)
      for (let kx = 0; kx < half; kx++) {
        let [a, b] = [0, 0];
        for (let y = 0, at = 0; y < height; y++, at = (at + ky) % height) {
          const [re, im] = [real[y * half + kx] as number, imaginary[y * half + kx] as number];
          a += re * (cosY[at] as number) + im * (sinY[at] as number);
          b += im * (cosY[at] as number) - re * (sinY[at] as number);
        }
        powers[ky * half + kx] = a * a + b * b;
      }
    return powers;
  };
}

/** |k| of every momentum of a lattice of two sides, in the order of a Fourier transform, in units of 2π over the longest side. */
export function wavesOf([height, width]: readonly [number, number]): Float64Array {
  const longest = Math.max(height, width);
  return Float64Array.from({ length: height * width }, (_, i) => {
    const [ky, kx] = [Math.floor(i / width), i % width];
    const [y, x] = [Math.min(ky, height - ky) / height, Math.min(kx, width - kx) / width];
    return Math.hypot(y * longest, x * longest);
  });
}
