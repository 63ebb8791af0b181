import fc, { type GeneratorValue } from "fast-check";
import type { NDArray } from "../../src/array.ts";
import * as T from "../../src/tensor/index.ts";
import { anyShape, broadcasting, type Draw, pick, spread, toGrid } from "./check.ts";
import { integers, pair } from "./draws.ts";
import type { Grid } from "./reference.ts";
import * as R from "./reference.ts";

function geometry(g: GeneratorValue): R.Geometry {
  return {
    stride: pair(g, 1, 3),
    dilation: pair(g, 1, 2),
    padding: [...pair(g, 0, 2), ...pair(g, 0, 2)],
  };
}

export const conv2d: Draw = (g) => {
  const options = geometry(g);
  const [n, ci, co] = [pick(g, 1, 2), pick(g, 1, 2), pick(g, 1, 2)];
  const [kh, kw] = pair(g, 1, 2);
  const image = [kh, kw].map((k, a) => pick(g, options.dilation[a]! * (k - 1) + 1, 4));
  const [x, w] = spread(g, [n, ci, ...image], [co, ci, kh, kw]) as [NDArray<"f64">, NDArray<"f64">];
  return {
    inputs: [x, w],
    apply: (a, b) => T.conv2d(a, b, options),
    expected: R.conv2d(toGrid(x), toGrid(w), options),
  };
};

export const convTranspose2d: Draw = (g) => {
  const outputPadding = pair(g, 0, 2);
  const { stride, dilation } = geometry(g);
  const [n, ci, co] = [pick(g, 1, 2), pick(g, 1, 2), pick(g, 1, 2)];
  const [kh, kw] = pair(g, 1, 3);
  const image = pair(g, 1, 3);
  const room = [kh, kw].map((k, a) => (image[a]! - 1) * stride[a]! + dilation[a]! * (k - 1));
  const [top, left] = room.map((r) => pick(g, 0, Math.min(r, 2))) as [number, number];
  const bottom = pick(g, 0, Math.min(room[0]! - top, 2));
  const right = pick(g, 0, Math.min(room[1]! - left, 2));
  const options = { stride, dilation, padding: [top, bottom, left, right] as const, outputPadding };
  const [x, w] = spread(g, [n, ci, ...image], [ci, co, kh, kw]) as [NDArray<"f64">, NDArray<"f64">];
  return {
    inputs: [x, w],
    apply: (a, b) => T.convTranspose2d(a, b, options),
    expected: R.convTranspose2d(toGrid(x), toGrid(w), options),
  };
};

export const matmul: Draw = (g) => {
  const [m, k, n] = [pick(g, 1, 3), pick(g, 1, 3), pick(g, 1, 3)];
  const [outer, inner] = broadcasting(g, 2) as [number[], number[]];
  const vectors = pick(g, 0, 5);
  const left = vectors === 1 || vectors === 3 ? [k] : [...outer, m, k];
  const right = vectors === 2 || vectors === 3 ? [k] : [...inner, k, n];
  const [a, b] = spread(g, left, right) as [NDArray<"f64">, NDArray<"f64">];
  const rows = (x: Grid): Grid => (x.shape.length === 1 ? { ...x, shape: [1, k] } : x);
  const columns = (x: Grid): Grid => (x.shape.length === 1 ? { ...x, shape: [k, 1] } : x);
  const product = R.product(rows(toGrid(a)), columns(toGrid(b)));
  const shape = [...product.shape];
  if (right.length === 1) shape.splice(-1, 1);
  if (left.length === 1) shape.splice(right.length === 1 ? -1 : -2, 1);
  return { inputs: [a, b], apply: T.matmul, expected: { ...product, shape } };
};

export const einsum: Draw = (g) => {
  const letters = [..."abcde"];
  const sizes = Object.fromEntries(letters.map((c) => [c, pick(g, 1, 3)]));
  const some = () => letters.filter(() => g(fc.boolean)).slice(0, 3);
  const shuffled = (of: string[]) => [...of].sort(() => (g(fc.boolean) ? 1 : -1));
  const [left, right] = [shuffled(some()), shuffled(some())];
  const out = shuffled([...new Set([...left, ...right])].filter(() => g(fc.boolean)));
  const formula = `${left.join("")},${right.join("")}->${out.join("")}`;
  const shape = (of: string[]) => of.map((c) => sizes[c]!);
  const [a, b] = spread(g, shape(left), shape(right)) as [NDArray<"f64">, NDArray<"f64">];
  return {
    inputs: [a, b],
    apply: (x, y) => T.einsum(formula, x, y),
    expected: R.einsum(formula, toGrid(a), toGrid(b)),
  };
};

export const gather: Draw = (g) => {
  const shape = anyShape(g, 1);
  const axis = pick(g, 0, shape.length - 1);
  const [x] = spread(g, shape) as [NDArray<"f64">];
  const index = integers(g, anyShape(g, 0, 2), shape[axis]!, g(fc.boolean) ? "i32" : "i64");
  const expected = R.build([...shape.slice(0, axis), ...index.shape, ...shape.slice(axis + 1)], (i) => {
    const position = R.at(toGrid(index), i.slice(axis, axis + index.shape.length));
    return R.at(toGrid(x), [...i.slice(0, axis), position, ...i.slice(axis + index.shape.length)]);
  });
  return { inputs: [x, index], apply: (t, i) => T.gather(t, i, axis), expected };
};

export const scatterAdd: Draw = (g) => {
  const index = integers(g, anyShape(g, 0, 2), 3);
  const [outer, inner] = [anyShape(g, 0, 1), anyShape(g, 0, 1)];
  const axis = outer.length;
  const [x] = spread(g, [...outer, ...index.shape, ...inner]) as [NDArray<"f64">];
  const zeros = R.build([...outer, 4, ...inner], () => 0);
  const sums = [...zeros.data];
  for (const i of R.indices(x.shape)) {
    const position = R.at(toGrid(index), i.slice(axis, axis + index.shape.length));
    const to = [...i.slice(0, axis), position, ...i.slice(axis + index.shape.length)];
    sums[to.reduce((offset, n, a) => offset * zeros.shape[a]! + n, 0)]! += R.at(toGrid(x), i);
  }
  return {
    inputs: [x, index],
    apply: (t, i) => T.scatterAdd(t, i, 4, axis),
    expected: { shape: zeros.shape, data: sums },
  };
};

/** Rows of mean 0 and variance 1 along the last axis. */
function standardized(x: NDArray<"f64">) {
  return R.along(toGrid(x), x.shape.length - 1, (v) => {
    const mean = R.total(v) / v.length;
    const variance = R.total(v.map((u) => (u - mean) ** 2)) / v.length;
    return v.map((u) => (u - mean) / Math.sqrt(variance + 1e-5));
  });
}

export const standardize: Draw = (g) => {
  const [x] = spread(g, [...anyShape(g, 0, 2), pick(g, 2, 4)]) as [NDArray<"f64">];
  return { inputs: [x], apply: (a) => T.standardize(a), expected: standardized(x) };
};

export const layerNorm: Draw = (g) => {
  const shape = [...anyShape(g, 0, 2), pick(g, 2, 4)];
  const n = shape.at(-1)!;
  const [x, gain, bias] = spread(g, shape, [n], [n]) as NDArray<"f64">[];
  return {
    inputs: [x!, gain!, bias!],
    apply: (a, b, c) => T.layerNorm(a, b, c),
    expected: R.zip((u, a, b) => u! * a! + b!, standardized(x!), toGrid(gain!), toGrid(bias!)),
  };
};
