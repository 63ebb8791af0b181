import { AnsatzError } from "../error.ts";

/**
 * Sizes along each axis. A size ≥ 0 is static; −k means k times the symbolic batch size, so `[-1, 784]` is a
 * batch of rows and `[-3, 784]` three such batches laid end to end.
 */
export type Shape = readonly number[];

/** The symbolic size of one batch. */
export const BATCH = -1;

/** Prints a shape: `[batch, 784]`, `[3·batch, 2]`. */
export function formatShape(shape: Shape): string {
  return `[${shape.map(formatSize).join(", ")}]`;
}

function formatSize(n: number): string {
  if (n >= 0) return String(n);
  return n === BATCH ? "batch" : `${-n}·batch`;
}

/** A shape error: names the operation and every shape involved. */
export function shapeError(operation: string, problem: string, ...shapes: Shape[]): AnsatzError {
  return new AnsatzError("usage", `${operation}: ${problem}: ${shapes.map(formatShape).join(" and ")}`);
}

/** True when a size along some axis is a multiple of the batch. */
export function isSymbolic(shape: Shape): boolean {
  return shape.some((n) => n < 0);
}

/** The shapes' sizes agree axis by axis. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}

/** Number of elements; negative (a multiple of the batch) for a symbolic shape, which may hold one symbolic size. */
export function elements(shape: Shape): number {
  if (shape.filter((n) => n < 0).length > 1) throw shapeError("shape", "two symbolic sizes", shape);
  return shape.reduce((product, n) => product * n, 1);
}

/** NumPy's broadcasting of two shapes; throws when a pair of sizes differs and neither is 1. */
export function broadcastShapes(operation: string, a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  const out: number[] = [];
  for (let i = 0; i < rank; i++) {
    const m = a[a.length - rank + i] ?? 1;
    const n = b[b.length - rank + i] ?? 1;
    if (m !== n && m !== 1 && n !== 1) throw shapeError(operation, "shapes do not broadcast", a, b);
    out.push(m === 1 ? n : m);
  }
  return out;
}

/** Axis counted from the end when negative; throws when outside the rank. */
export function normalizeAxis(operation: string, axis: number, shape: Shape, rank = shape.length): number {
  const resolved = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || resolved < 0 || resolved >= rank)
    throw shapeError(operation, `axis ${axis} is outside the shape`, shape);
  return resolved;
}

/** Sorted, distinct axes; all of them when none are given. */
export function normalizeAxes(
  operation: string,
  axes: number | readonly number[] | undefined,
  shape: Shape,
): number[] {
  if (axes === undefined) return shape.map((_, i) => i);
  const list = (typeof axes === "number" ? [axes] : axes).map((a) => normalizeAxis(operation, a, shape));
  if (new Set(list).size !== list.length) throw shapeError(operation, `repeated axis in ${axes}`, shape);
  return list.sort((a, b) => a - b);
}

/** The static size of every dimension of `shape` when the batch holds `batch` elements. */
export function resolveShape(shape: Shape, batch: number | undefined): number[] {
  return shape.map((n) => {
    if (n >= 0) return n;
    if (batch === undefined)
      throw new AnsatzError("usage", `the batch size of ${formatShape(shape)} is not known`);
    return -n * batch;
  });
}
