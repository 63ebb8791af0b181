import { arrayFrom, sizeOf } from "../array.ts";
import {
  cast,
  concat,
  constant,
  customGradient,
  gather,
  matmul,
  reshape,
  sum,
  type Tensor,
  zeros,
} from "../tensor/index.ts";
import { type Stencil, stencilProduct } from "./stencil.ts";

/**
 * A periodic convolution from some sites of a lattice to some: each target reads sources at the same displacements, its
 * taps. Taps that a symmetry of the lattice ties share a row of the kernel, their orbit.
 */
export interface SiteStencil extends Stencil {
  readonly sources: number;
  readonly targets: number;
  /** `[taps]`: the kernel's row of each tap. */
  readonly orbit: Int32Array;
  /** Rows of the kernel. */
  readonly orbits: number;
}

/** See {@link siteStencil}. */
export interface SiteStencilOptions {
  /** Sides of the periodic lattice. */
  readonly shape: readonly number[];
  /** Sites, by their row-major numbers, that read and that are read. */
  readonly targets: readonly number[];
  readonly sources: readonly number[];
  /** Side of the window around a target, odd; beyond the lattice's own side every site is in it once. */
  readonly kernel: number;
  /** Whether displacements that reflections and exchanges of equal axes turn into one another share a kernel row. */
  readonly isotropic: boolean;
}

/** Coordinates of a site. */
export function coordinates(shape: readonly number[], site: number): number[] {
  const at: number[] = [];
  for (let axis = shape.length - 1, rest = site; axis >= 0; axis--) {
    const n = shape[axis] as number;
    at.unshift(rest % n);
    rest = Math.floor(rest / n);
  }
  return at;
}

const modulo = (a: number, n: number) => ((a % n) + n) % n;
const joined = (shape: readonly number[], at: readonly number[]) =>
  at.reduce((site, c, axis) => site * (shape[axis] as number) + modulo(c, shape[axis] as number), 0);

/**
 * Returns a name shared by the displacements that are equal up to reflections and exchanges of equal axes.
 */
export function orbitName(shape: readonly number[], displacement: readonly number[]): string {
  const bySide = new Map<number, number[]>();
  for (const [axis, n] of shape.entries())
    bySide.set(n, [...(bySide.get(n) ?? []), Math.abs(displacement[axis] as number)]);
  return [...bySide].map(([n, values]) => `${n}:${values.sort((a, b) => a - b).join()}`).join(" ");
}

/** The stencil of a window between two sets of sites. */
export function siteStencil({ shape, targets, sources, kernel, isotropic }: SiteStencilOptions): SiteStencil {
  const half = (kernel - 1) / 2;
  const place = new Map(sources.map((site, i) => [site, i]));
  // Each displacement of the torus once: those beyond half a side are others seen from behind.
  const displacements = Array.from({ length: sizeOf(shape) }, (_, site) =>
    coordinates(shape, site).map((c, axis) => {
      const n = shape[axis] as number;
      return c > n / 2 ? c - n : c;
    }),
  ).filter((d) => d.every((c) => Math.abs(c) <= half));
  const from = targets.map((site) => coordinates(shape, site));
  const read = (t: readonly number[], d: readonly number[]) =>
    place.get(
      joined(
        shape,
        t.map((c, axis) => c + (d[axis] as number)),
      ),
    );
  const taps = displacements.filter((d) => from.some((t) => read(t, d) !== undefined));
  const reads = new Int32Array(targets.length * taps.length).fill(sources.length);
  const readBy = new Int32Array(sources.length * taps.length).fill(targets.length);
  for (const [i, t] of from.entries())
    for (const [j, d] of taps.entries()) {
      const source = read(t, d);
      if (source === undefined) continue;
      reads[i * taps.length + j] = source;
      readBy[source * taps.length + j] = i;
    }
  const names = taps.map((d, j) => (isotropic ? orbitName(shape, d) : String(j)));
  const distinct = [...new Set(names)];
  return {
    ...{ sources: sources.length, targets: targets.length, taps: taps.length, reads, readBy },
    orbit: Int32Array.from(names, (name) => distinct.indexOf(name)),
    orbits: distinct.length,
  };
}

/**
 * Maximum ratio of work at which a matrix of all sources and targets is used: its multiplications are faster
 * than those of windows, which are gathered first.
 */
const MATRIX_WORTH = 8;

/**
 * The convolution of `x: [batch, sources, channels]` by a kernel `[orbits, channels, outputs]`: `[batch, targets, outputs]`.
 * On small lattices as one product with the matrix of all sources and targets that the kernel fills, else as a product of
 * windows; either way both derivatives are products too.
 */
export function siteConvolution(
  x: Tensor,
  kernel: Tensor,
  stencil: SiteStencil,
  how: "matrix" | "windows" = stencil.sources <= MATRIX_WORTH * stencil.taps ? "matrix" : "windows",
): Tensor {
  const { sources, targets, taps } = stencil;
  const batch = x.shape[0] as number;
  const [, channels, outputs] = kernel.shape as [number, number, number];
  const rows = tapRows(kernel, stencil);
  if (how === "windows")
    return reshape(stencilProduct(x, reshape(rows, [taps * channels, outputs]), stencil), [
      batch,
      targets,
      outputs,
    ]);
  const matrix = siteMatrix(rows, stencil);
  return reshape(matmul(reshape(x, [batch, sources * channels]), matrix), [batch, targets, outputs]);
}

/** The kernel's row of each tap, `[taps, channels, outputs]`. */
function tapRows(kernel: Tensor, { orbit, orbits, taps }: SiteStencil): Tensor {
  if (orbits === taps) return kernel;
  const [, channels, outputs] = kernel.shape as [number, number, number];
  // A product with ones and zeros, so that its derivative is one too.
  const which = new Float32Array(taps * orbits);
  for (let t = 0; t < taps; t++) which[t * orbits + (orbit[t] as number)] = 1;
  const spread = cast(constant(arrayFrom("f32", [taps, orbits], which)), kernel.dtype);
  const flat = matmul(spread, reshape(kernel, [orbits, channels * outputs]));
  return reshape(flat, [taps, channels, outputs]);
}

/**
 * Scatters `[taps, channels, outputs]` into the matrix `[sources · channels, targets · outputs]` of the
 * convolution.
 */
function siteMatrix(rows: Tensor, { sources, targets, taps, reads }: SiteStencil): Tensor {
  const [, channels, outputs] = rows.shape as [number, number, number];
  const index = (values: Int32Array, shape: readonly number[]) => constant(arrayFrom("i32", shape, values));
  // Which tap joins each source with each target; one more than the last is the row of zeros.
  const from = new Int32Array(sources * channels * targets).fill(taps * channels);
  // Where in the matrix each tap of each target lies; the row after the last is of zeros, where nothing is read.
  const to = new Int32Array(taps * channels * targets).fill(sources * channels * targets);
  for (let target = 0; target < targets; target++)
    for (let tap = 0; tap < taps; tap++) {
      const source = reads[target * taps + tap] as number;
      if (source === sources) continue;
      for (let c = 0; c < channels; c++) {
        const entry = (source * channels + c) * targets + target;
        from[entry] = tap * channels + c;
        to[(tap * channels + c) * targets + target] = entry;
      }
    }
  const complete = to.every((entry) => entry < sources * channels * targets);
  const [matrix] = customGradient(
    (r) => {
      const flat = reshape(r as Tensor, [taps * channels, outputs]);
      const padded = concat([flat, zeros([1, outputs], rows.dtype)], 0);
      const entries = gather(padded, index(from, [sources * channels, targets]), 0);
      return [reshape(entries, [sources * channels, targets * outputs])];
    },
    ([g]) => {
      if (!g) return [undefined];
      const flat = reshape(g, [sources * channels * targets, outputs]);
      const padded = complete ? flat : concat([flat, zeros([1, outputs], g.dtype)], 0);
      const picked = gather(padded, index(to, [taps * channels, targets]), 0);
      return [reshape(sum(picked, 1), [taps, channels, outputs])];
    },
  )(rows);
  return matrix as Tensor;
}
