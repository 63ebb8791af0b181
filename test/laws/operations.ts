import fc from "fast-check";
import { arrayFrom, type NDArray, sizeOf } from "../../src/array.ts";
import * as T from "../../src/tensor/index.ts";
import { anyShape, broadcasting, type Draw, pick, spread, toGrid } from "./check.ts";
import {
  anywhere,
  asNumber,
  axiswise,
  binary,
  bools,
  compared,
  integers,
  joined,
  logical,
  mapped,
  moved,
  pair,
  positive,
  reduction,
  unary,
} from "./draws.ts";
import * as products from "./products.ts";
import * as R from "./reference.ts";

/** A reference for the error function: its power series, which is exact to rounding for |x| ≤ 3. */
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 120; n++) {
    term *= -(x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const softplus = (x: number) => Math.log1p(Math.exp(x));
const modulo = (a: number, n: number) => ((a % n) + n) % n;

/**
 * Every operation of the language, with a random application and its value by plain loops. An operation is added by
 * one line here.
 */
export const operations: Readonly<Record<string, Draw | readonly Draw[]>> = {
  add: binary(T.add, (a, b) => a + b),
  sub: binary(T.sub, (a, b) => a - b),
  mul: binary(T.mul, (a, b) => a * b),
  div: binary(T.div, (a, b) => a / b, [anywhere, positive]),
  pow: [
    binary(T.pow, (a, b) => a ** b, [positive, anywhere]),
    unary(
      (x) => T.pow(x, 3),
      (x) => x ** 3,
    ),
    unary(
      (x) => T.pow(x, 2),
      (x) => x ** 2,
    ),
    unary(
      (x) => T.pow(x, 1),
      (x) => x,
    ),
    unary(
      (x) => T.pow(x, -1.5),
      (x) => x ** -1.5,
      positive,
    ),
    unary(
      (x) => T.pow(2, x),
      (x) => 2 ** x,
    ),
  ],
  maximum: binary(T.maximum, Math.max),
  minimum: binary(T.minimum, Math.min),
  logAddExp: binary(T.logAddExp, (a, b) => R.logTotal([a, b])),
  clip: unary(
    (x) => T.clip(x, -1, 0.6),
    (x) => Math.min(Math.max(x, -1), 0.6),
  ),
  square: unary(T.square, (x) => x * x),
  equal: compared(T.equal, (a, b) => a === b),
  notEqual: compared(T.notEqual, (a, b) => a !== b),
  less: compared(T.less, (a, b) => a < b),
  lessEqual: compared(T.lessEqual, (a, b) => a <= b),
  greater: compared(T.greater, (a, b) => a > b),
  greaterEqual: compared(T.greaterEqual, (a, b) => a >= b),
  and: logical(T.and, (a, b) => a & b),
  or: logical(T.or, (a, b) => a | b),
  not: (g) => {
    const a = bools(g, anyShape(g));
    return { inputs: [a], apply: (x) => T.not(x), expected: R.zip((x) => 1 - x!, toGrid(a)) };
  },
  where: (g) => {
    const [s, t, u] = broadcasting(g, 3) as [number[], number[], number[]];
    const condition = bools(g, s);
    const [a, b] = spread(g, t, u) as [NDArray<"f64">, NDArray<"f64">];
    const expected = R.zip((c, x, y) => (c ? x! : y!), toGrid(condition), toGrid(a), toGrid(b));
    return { inputs: [condition, a, b], apply: (c, x, y) => T.where(c, x, y), expected };
  },
  cast: [
    unary((x) => T.cast(T.cast(x, "i32"), "f64"), Math.trunc),
    unary(
      (x) => T.cast(T.greater(x, 0), "f64"),
      (x) => asNumber(x > 0),
    ),
    unary((x) => T.cast(T.add(T.cast(x, "f64"), 0), "i64"), Math.trunc),
  ],
  neg: unary(T.neg, (x) => -x),
  exp: unary(T.exp, Math.exp),
  expm1: unary(T.expm1, Math.expm1),
  log: unary(T.log, Math.log, positive),
  log1p: unary(T.log1p, Math.log1p, (v) => Math.abs(v) - 0.8),
  sqrt: unary(T.sqrt, Math.sqrt, positive),
  sin: unary(T.sin, Math.sin),
  cos: unary(T.cos, Math.cos),
  tanh: unary(T.tanh, Math.tanh),
  sigmoid: unary(T.sigmoid, sigmoid),
  logSigmoid: unary(T.logSigmoid, (x) => -softplus(-x)),
  softplus: unary(T.softplus, softplus),
  erf: unary(T.erf, erf, (v) => v / 4),
  relu: unary(T.relu, (x) => Math.max(x, 0)),
  leakyRelu: unary(
    (x) => T.leakyRelu(x, 0.1),
    (x) => (x > 0 ? x : 0.1 * x),
  ),
  elu: unary(T.elu, (x) => (x > 0 ? x : Math.expm1(x))),
  silu: unary(T.silu, (x) => x * sigmoid(x)),
  gelu: unary(
    T.gelu,
    (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2)),
    (v) => v / 3,
  ),
  abs: unary(T.abs, Math.abs),
  sign: unary(T.sign, Math.sign),
  floor: unary(T.floor, Math.floor),
  sum: reduction(T.sum, R.total),
  mean: reduction(T.mean, (v) => R.total(v) / v.length),
  max: reduction(T.max, (v) => Math.max(...v)),
  min: reduction(T.min, (v) => Math.min(...v)),
  logSumExp: reduction(T.logSumExp, R.logTotal),
  logMeanExp: reduction(T.logMeanExp, (v) => R.logTotal(v) - Math.log(v.length), false),
  cumsum: axiswise((g) => {
    const options = { exclusive: g(fc.boolean), reverse: g(fc.boolean) };
    const part = (v: number[], i: number) =>
      options.reverse ? v.slice(options.exclusive ? i + 1 : i) : v.slice(0, options.exclusive ? i : i + 1);
    return {
      apply: (x, axis) => T.cumsum(x, axis, options),
      f: (v) => v.map((_, i) => R.total(part(v, i))),
    };
  }),
  softmax: axiswise(() => ({ apply: T.softmax, f: R.softmax })),
  logSoftmax: axiswise(() => ({ apply: T.logSoftmax, f: (v) => v.map((x) => x - R.logTotal(v)) })),
  standardize: products.standardize,
  layerNorm: products.layerNorm,
  matmul: products.matmul,
  einsum: products.einsum,
  conv2d: products.conv2d,
  convTranspose2d: products.convTranspose2d,
  gather: products.gather,
  scatterAdd: products.scatterAdd,
  oneHot: (g) => {
    const index = integers(g, anyShape(g), 4, g(fc.boolean) ? "i32" : "i64");
    const expected = R.build([...index.shape, 3], (i) =>
      asNumber(R.at(toGrid(index), i.slice(0, -1)) === i.at(-1)),
    );
    return { inputs: [index], apply: (i) => T.oneHot(i, 3, "f64"), expected };
  },
  flip: axiswise(() => ({ apply: T.flip, f: (v) => v.toReversed() })),
  roll: axiswise((g, n) => {
    const shift = pick(g, -5, 5);
    return {
      apply: (x, axis) => T.roll(x, shift, axis),
      f: (v) => v.map((_, i) => v[modulo(i - shift, n)]!),
    };
  }),
  slice: moved((g, n) => {
    const start = pick(g, 0, n);
    const end = pick(g, start, n);
    const stride = pick(g, 1, 3);
    const [from, to] = g(fc.boolean) && start < n && end < n ? [start - n, end - n] : [start, end];
    return {
      apply: (x, axis) => T.slice(x, axis, from, to, stride),
      length: Math.ceil((end - start) / stride),
      from: (i) => start + i * stride,
    };
  }),
  pad: moved((g, n) => {
    const [before, after] = pair(g, 0, 3);
    return {
      apply: (x, axis) => T.pad(x, axis, before, after),
      length: n + before + after,
      from: (i) => (i < before || i >= before + n ? -1 : i - before),
    };
  }),
  padPeriodic: moved((g, n) => {
    const [before, after] = pair(g, 0, n);
    return {
      apply: (x, axis) => T.padPeriodic(x, axis, before, after),
      length: n + before + after,
      from: (i) => modulo(i - before, n),
    };
  }),
  transpose: mapped((g, shape) => {
    const permutation = g(fc.shuffledSubarray, [...shape.keys()], { minLength: shape.length }) as number[];
    return {
      apply: (x) => T.transpose(x, permutation),
      expected: (x) =>
        R.build(
          permutation.map((p) => shape[p]!),
          (i) =>
            R.at(
              x,
              shape.map((_, a) => i[permutation.indexOf(a)]!),
            ),
        ),
    };
  }),
  broadcastTo: (g) => {
    const [from, to] = broadcasting(g, 2) as [number[], number[]];
    const shape = R.commonShape(from, to);
    const [x] = spread(g, from) as [NDArray<"f64">];
    return {
      inputs: [x],
      apply: (t) => T.broadcastTo(t, shape),
      expected: R.build(shape, (i) => R.at(toGrid(x), i)),
    };
  },
  concat: joined(T.concat, true),
  stack: joined(T.stack, false),
  reshape: mapped(
    (_, shape) => ({
      apply: (x) => T.reshape(x, shape.toReversed()),
      expected: (x) => ({ ...x, shape: shape.toReversed() }),
    }),
    0,
  ),
  flatten: mapped(
    (_, shape) => ({
      apply: T.flatten,
      expected: (x) => ({ ...x, shape: [sizeOf(shape)] }),
    }),
    0,
  ),
  expandDims: mapped((g, shape) => {
    const axis = pick(g, -shape.length - 1, shape.length);
    const place = axis < 0 ? axis + shape.length + 1 : axis;
    return {
      apply: (x) => T.expandDims(x, axis),
      expected: (x) => ({ ...x, shape: shape.toSpliced(place, 0, 1) }),
    };
  }, 0),
  squeeze: mapped((g, shape) => {
    const axis = pick(g, 0, shape.length);
    return {
      apply: (x) => T.squeeze(T.expandDims(x, axis), axis),
      expected: (x) => x,
    };
  }, 0),
  scalar: unary(
    (x) => T.mul(x, T.scalar(1.7, "f64")),
    (x) => 1.7 * x,
  ),
  constant: mapped((_, shape) => {
    const array = arrayFrom(
      "f64",
      shape,
      Array.from({ length: sizeOf(shape) }, (_, i) => i - 1.5),
    );
    return {
      apply: (x) => T.mul(x, T.constant(array)),
      expected: (x) => R.zip((a, b) => a! * b!, x, toGrid(array)),
    };
  }),
  full: mapped(
    (_, shape) => ({
      apply: (x) => T.mul(x, T.full(shape, 2.5, "f64")),
      expected: (x) => R.zip((a) => a! * 2.5, x),
    }),
    0,
  ),
  zeros: mapped(
    (_, shape) => ({
      apply: (x) => T.add(T.square(x), T.zeros(shape, "f64")),
      expected: (x) => R.zip((a) => a! * a!, x),
    }),
    0,
  ),
  ones: mapped(
    (_, shape) => ({
      apply: (x) => T.sub(T.ones(shape, "f64"), T.square(x)),
      expected: (x) => R.zip((a) => 1 - a! * a!, x),
    }),
    0,
  ),
  arange: mapped((_, shape) => ({
    apply: (x) => T.mul(x, T.arange(shape.at(-1)!, "f64")),
    expected: (x) => R.build(shape, (i) => R.at(x, i) * i.at(-1)!),
  })),
  lowerTriangle: (g) => {
    const [rows, columns] = pair(g, 1, 4);
    const diagonal = pick(g, -2, 2);
    const [x] = spread(g, [rows, columns]) as [NDArray<"f64">];
    return {
      inputs: [x],
      apply: (t) => T.mul(t, T.lowerTriangle(rows, columns, diagonal, "f64")),
      expected: R.build(x.shape, ([i, j]) => (j! - i! <= diagonal ? R.at(toGrid(x), [i!, j!]) : 0)),
    };
  },
};

/** Exports that are no function of arrays alone, and the suite that holds them. */
export const elsewhere: Readonly<Record<string, string>> = {
  scan: "scan.test.ts",
  customGradient: "gradient.test.ts",
  stopGradient: "gradient.test.ts",
  batchSize: "batch.test.ts",
  normal: "noise.test.ts",
  uniform: "noise.test.ts",
  SymbolicKey: "noise.test.ts",
};
