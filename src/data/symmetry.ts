import { sizeOf } from "../array.ts";
import { usageError } from "../error.ts";
import { integers } from "../random/integers.ts";
import type { Key } from "../random/key.ts";
import { type Space, siteShape } from "./space.ts";

/**
 * Symmetries of a periodic lattice: the flip of all values, translations, mirror images along every axis, quarter turns. `mirror`
 * is the mirror image that exchanges left and right alone, of pictures.
 */
export const symmetryNames = ["flip", "translations", "reflections", "rotations", "mirror"] as const;

/** See {@link symmetryNames}. */
export type SymmetryName = (typeof symmetryNames)[number];

/**
 * A group of symmetries of a periodic lattice. An element is a flip or none, a translation and an operation of
 * the point group, numbered from 0 (the identity) to `order` − 1.
 */
export interface SymmetryGroup {
  /** Sides of the lattice, in sites. */
  readonly shape: readonly number[];
  /** Number of elements of the group. */
  readonly order: number;
  /** How values flip if the group has the flip: 1 − v for bits, −v for real fields, none otherwise. */
  readonly flip: "complement" | "negate" | "none";
  /** `[lines, lines]`: where each line (sites along the last axis) goes under each shift of the leading axes. */
  readonly lines: Uint32Array;
  /** The point group as site permutations; the identity comes first. */
  readonly points: readonly Uint32Array[];
}

/**
 * The group that the named symmetries of `space`'s lattice generate. Throws a usage error for a flip of anything
 * but binary and real spaces, and for rotations of a lattice without two equal sides.
 */
export function symmetryGroup(space: Space, names: readonly SymmetryName[]): SymmetryGroup {
  const shape = siteShape(space);
  const has = (name: SymmetryName) => names.includes(name);
  if (has("flip") && space.kind !== "binary" && space.kind !== "real")
    throw usageError(`a ${space.kind} space has no flip; it is for binary and real spaces`);
  if (space.kind === "sequence" && names.length > 0) throw usageError("sequences have no lattice symmetries");
  const generators: Uint32Array[] = [];
  if (has("reflections"))
    for (let axis = 0; axis < shape.length; axis++) generators.push(mirror(shape, axis));
  // Columns are the second axis; a third is the colours of a pixel.
  if (has("mirror")) generators.push(mirror(shape, Math.min(1, shape.length - 1)));
  if (has("rotations")) {
    const turns = quarterTurns(shape);
    if (turns.length === 0)
      throw usageError(`a ${shape.join("x")} lattice has no rotations; two of its sides must be equal`);
    generators.push(...turns);
  }
  const points = closure(generators, sizeOf(shape));
  const flip = !has("flip") ? "none" : space.kind === "binary" ? "complement" : "negate";
  const order = points.length * (has("translations") ? sizeOf(shape) : 1) * (flip === "none" ? 1 : 2);
  return {
    shape,
    order,
    flip,
    // Without translations the lattice is one line that never shifts.
    lines: shiftTable(has("translations") ? shape.slice(0, -1) : []),
    points,
  };
}

/** Element `e` of a group: whether it flips, and its site permutation p, by which x becomes y[i] = x[p[i]]. */
export function elementOf(group: SymmetryGroup, e: number): { flips: boolean; permutation: Uint32Array } {
  const x = Int32Array.from({ length: sizeOf(group.shape) }, (_, i) => i);
  const { point, shift, flips } = decompose(group, e);
  const permutation = new Uint32Array(x.length);
  moveRow(x, 0, permutation, point, shift, group.lines);
  return { flips, permutation };
}

/**
 * Replaces each of the first `rows` rows of a batch [rows, ...sites] by its image under an element of `group`
 * drawn uniformly by `key`, in place. Works on stored values: bits as 0 and 1.
 */
export function augment(
  batch: Float32Array | Int32Array | Uint8Array,
  rows: number,
  group: SymmetryGroup,
  key: Key,
): void {
  const sites = sizeOf(group.shape);
  if (batch.length < rows * sites)
    throw usageError(`a batch of ${batch.length} elements does not hold ${rows} rows of ${sites}`);
  const elements = integers(key, rows, 0, group.order);
  const row = batch.slice(0, sites);
  for (let r = 0; r < rows; r++) {
    const { point, shift, flips } = decompose(group, elements[r] as number);
    const from = r * sites;
    moveRow(batch, from, row, point, shift, group.lines);
    if (!flips) batch.set(row, from);
    else if (group.flip === "complement")
      for (let i = 0; i < sites; i++) batch[from + i] = 1 - (row[i] as number);
    else for (let i = 0; i < sites; i++) batch[from + i] = -(row[i] as number);
  }
}

function decompose(group: SymmetryGroup, e: number): { flips: boolean; point: Uint32Array; shift: number } {
  const flips = group.flip !== "none" && e % 2 === 1;
  const rest = group.flip === "none" ? e : Math.floor(e / 2);
  const point = group.points[rest % group.points.length] as Uint32Array;
  return { flips, point, shift: Math.floor(rest / group.points.length) };
}

/** to[site] = from[offset + point[site + shift]]: the last axis wraps in the loop, the leading ones by table. */
function moveRow(
  from: Float32Array | Int32Array | Uint8Array,
  offset: number,
  to: Float32Array | Int32Array | Uint8Array | Uint32Array,
  point: Uint32Array,
  shift: number,
  table: Uint32Array,
): void {
  const lines = Math.sqrt(table.length);
  const width = to.length / lines;
  const turn = shift % width;
  const lead = ((shift - turn) / width) * lines;
  for (let line = 0, i = 0; line < lines; line++) {
    const start = (table[lead + line] as number) * width;
    for (let c = start + turn; c < start + width; c++)
      to[i++] = from[offset + (point[c] as number)] as number;
    for (let c = start; c < start + turn; c++) to[i++] = from[offset + (point[c] as number)] as number;
  }
}

function shiftTable(leading: readonly number[]): Uint32Array {
  const lines = sizeOf(leading);
  const table = new Uint32Array(lines * lines);
  for (let shift = 0; shift < lines; shift++)
    for (let line = 0; line < lines; line++) {
      let target = 0;
      for (let axis = leading.length - 1, stride = 1; axis >= 0; axis--) {
        const n = leading[axis] as number;
        target += (((Math.floor(line / stride) % n) + (Math.floor(shift / stride) % n)) % n) * stride;
        stride *= n;
      }
      table[shift * lines + line] = target;
    }
  return table;
}

/** The permutation p with y[i] = x[p[i]], where `move` takes the coordinates of i to those of p[i]. */
function byCoordinates(shape: readonly number[], move: (at: number[]) => readonly number[]): Uint32Array {
  return Uint32Array.from({ length: sizeOf(shape) }, (_, i) => {
    const at: number[] = [];
    for (let axis = shape.length - 1, rest = i; axis >= 0; axis--) {
      const n = shape[axis] as number;
      at.unshift(rest % n);
      rest = Math.floor(rest / n);
    }
    return move(at).reduce((flat, c, axis) => flat * (shape[axis] as number) + c, 0);
  });
}

function mirror(shape: readonly number[], axis: number): Uint32Array {
  return byCoordinates(shape, (at) => at.with(axis, (shape[axis] as number) - 1 - (at[axis] as number)));
}

/** A quarter turn in every plane of two equal sides. */
function quarterTurns(shape: readonly number[]): Uint32Array[] {
  return shape.flatMap((n, a) =>
    shape.flatMap((m, b) =>
      b > a && n === m
        ? [byCoordinates(shape, (at) => at.with(a, at[b] as number).with(b, n - 1 - (at[a] as number)))]
        : [],
    ),
  );
}

/** All products of the generators, the identity first. */
function closure(generators: readonly Uint32Array[], size: number): Uint32Array[] {
  const elements = [Uint32Array.from({ length: size }, (_, i) => i)];
  const seen = new Set(elements.map((p) => p.join()));
  for (const element of elements)
    for (const generator of generators) {
      const product = element.map((i) => generator[i] as number);
      const key = product.join();
      if (seen.has(key)) continue;
      seen.add(key);
      elements.push(product);
    }
  return elements;
}
