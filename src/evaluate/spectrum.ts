import { sizeOf } from "../array.ts";
import { fourierTransform2 } from "../stats/fft.ts";
import type { Estimate } from "../stats/index.ts";
import { waveNumber } from "../stats/wave-number.ts";
import { partMean } from "./part-mean.ts";
import type { PartRows } from "./rows.ts";
import { type RowsOfSites, siteLattice } from "./site-lattice.ts";
import { everyNth } from "./thinned-rows.ts";

/** Maximum of sites times sides over all rows; rows beyond it are not used. */
const mostWork = 600_000_000;
/** Shortest side that has a spectrum. */
const shortest = 8;

/** The power spectrum at one wave number. */
export interface SpectrumPoint extends Estimate {
  /** |k| in units of 2π over the longest side. */
  readonly k: number;
}

/**
 * Returns the power spectrum P(k) = |Σ_x φ_x e^{−ikx}|²/N of fields and grey levels in one or two dimensions,
 * sides of 8 at least, averaged over the momenta for which |k| rounds to the same whole number, up to half
 * the longest side; undefined for other rows. Errors are those of {@link partMean}. The transform treats the
 * lattice as periodic: a field that is not periodic leaks power from its edges, as k⁻², in data and model
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
  const shells = Math.floor(Math.max(height, width) / 2);
  const waves = wavesOf([height, width]);
  // Momenta and their opposites have equal power: half of the last axis tells it all.
  const half = Math.floor(width / 2) + 1;
  const shell = Int32Array.from({ length: height * half }, (_, i) => {
    return Math.round(waves[Math.floor(i / half) * width + (i % half)] as number);
  });
  const weight = (kx: number) => (kx === 0 || 2 * kx === width ? 1 : 2);
  const total = new Float64Array(shells + 1);
  shell.forEach((s, i) => {
    if (s <= shells) total[s] = (total[s] as number) + weight(i % half);
  });
  const columns = Array.from({ length: shells + 1 }, () => new Float64Array(count));
  const transform = fourierTransform2([height, width]);
  const [re, im] = [new Float64Array(n), new Float64Array(n)];
  for (let row = 0; row < count; row++) {
    re.set(values.subarray(row * n, (row + 1) * n));
    im.fill(0);
    transform(re, im);
    for (let i = 0; i < shell.length; i++) {
      const s = shell[i] as number;
      const column = columns[s];
      if (!column || s > shells) continue;
      const at = Math.floor(i / half) * width + (i % half);
      const power = (re[at] as number) ** 2 + (im[at] as number) ** 2;
      column[row] = (column[row] as number) + (power * weight(i % half)) / (n * (total[s] as number));
    }
  }
  return columns.flatMap((column, k) => (k === 0 || total[k] === 0 ? [] : [{ k, ...partMean(column, few) }]));
}

/** |k| of every momentum of a lattice of two sides, in the order of a Fourier transform, in units of 2π over the longest side. */
export function wavesOf([height, width]: readonly [number, number]): Float64Array {
  const longest = Math.max(height, width);
  return Float64Array.from({ length: height * width }, (_, i) => {
    const [y, x] = [waveNumber(Math.floor(i / width), height), waveNumber(i % width, width)];
    return Math.hypot((y * longest) / height, (x * longest) / width);
  });
}
