import fc, { type GeneratorValue } from "fast-check";
import { arrayFrom, type DType, type NDArray, sizeOf } from "../../src/array.ts";
import type { Tensor } from "../../src/tensor/index.ts";
import { anyShape, broadcasting, type Draw, numbers, pick, spread, toGrid } from "./check.ts";
import type { Grid } from "./reference.ts";
import * as R from "./reference.ts";

export const asNumber = (condition: boolean) => (condition ? 1 : 0);

/** Moves an array into the domain of a function. */
export const within = (x: NDArray<"f64">, f: (v: number) => number) =>
  arrayFrom("f64", x.shape, Array.from(x.data, f));
export const anywhere = (v: number) => v;
export const positive = (v: number) => 0.25 + Math.abs(v);

/** One input, elementwise. */
export function unary(apply: (x: Tensor) => Tensor, f: (x: number) => number, domain = anywhere): Draw {
  return (g) => {
    const x = within(spread(g, anyShape(g))[0]!, domain);
    return { inputs: [x], apply, expected: R.zip(f, toGrid(x)) };
  };
}

/** Two inputs, elementwise, broadcast. */
export function binary(
  apply: (a: Tensor, b: Tensor) => Tensor,
  f: (a: number, b: number) => number,
  [left, right] = [anywhere, anywhere],
): Draw {
  return (g) => {
    const [x, y] = spread(g, ...broadcasting(g, 2)) as [NDArray<"f64">, NDArray<"f64">];
    const [a, b] = [within(x, left), within(y, right)];
    return {
      inputs: [a, b],
      apply,
      expected: R.zip(f as (...v: number[]) => number, toGrid(a), toGrid(b)),
    };
  };
}

export const compared = (
  apply: (a: Tensor, b: Tensor) => Tensor,
  f: (a: number, b: number) => boolean,
): Draw => {
  return (g) => {
    const round = (v: number) => Math.round(v);
    const [a, b] = spread(g, ...broadcasting(g, 2)).map((x) => within(x, round)) as NDArray<"f64">[];
    return {
      inputs: [a!, b!],
      apply,
      expected: R.zip((x, y) => asNumber(f(x!, y!)), toGrid(a!), toGrid(b!)),
    };
  };
};

export function bools(g: GeneratorValue, shape: readonly number[]): NDArray<"bool"> {
  const random = numbers(pick(g, 0, 1_000_000));
  return arrayFrom(
    "bool",
    shape,
    Array.from({ length: sizeOf(shape) }, () => asNumber(random() < 0.5)),
  );
}

export function integers(g: GeneratorValue, shape: readonly number[], below: number, dtype: DType = "i32") {
  const random = numbers(pick(g, 0, 1_000_000));
  return arrayFrom(
    dtype,
    shape,
    Array.from({ length: sizeOf(shape) }, () => Math.floor(below * random())),
  );
}

export const logical = (
  apply: (a: Tensor, b: Tensor) => Tensor,
  f: (a: number, b: number) => number,
): Draw => {
  return (g) => {
    const [s, t] = broadcasting(g, 2) as [number[], number[]];
    const [a, b] = [bools(g, s), bools(g, t)];
    return {
      inputs: [a, b],
      apply,
      expected: R.zip(f as (...v: number[]) => number, toGrid(a), toGrid(b)),
    };
  };
};

/** A reduction over some axes, all of them when none are named. */
export function reduction(
  apply: (x: Tensor, axes?: number | number[], keep?: boolean) => Tensor,
  f: (values: number[]) => number,
  keeps = true,
): Draw {
  return (g) => {
    const shape = anyShape(g, 1);
    const [x] = spread(g, shape) as [NDArray<"f64">];
    const axes = g(fc.boolean) ? undefined : [...shape.keys()].filter(() => g(fc.boolean));
    const keep = keeps && g(fc.boolean);
    return {
      inputs: [x],
      apply: (t) => apply(t, axes, keep),
      expected: R.reduce(toGrid(x), axes ?? [...shape.keys()], keep, f),
    };
  };
}

/** As many values along an axis from those along it. */
export function axiswise(
  draw: (
    g: GeneratorValue,
    size: number,
  ) => {
    apply: (x: Tensor, axis: number) => Tensor;
    f: (values: number[]) => number[];
  },
): Draw {
  return (g) => {
    const shape = anyShape(g, 1);
    const [x] = spread(g, shape) as [NDArray<"f64">];
    const axis = pick(g, -shape.length, shape.length - 1);
    const resolved = axis < 0 ? axis + shape.length : axis;
    const { apply, f } = draw(g, shape[resolved]!);
    return {
      inputs: [x],
      apply: (t) => apply(t, axis),
      expected: R.along(toGrid(x), resolved, f),
    };
  };
}

/** Any map of one array whose oracle is written out. */
export function mapped(
  draw: (g: GeneratorValue, shape: number[]) => { apply: (x: Tensor) => Tensor; expected: (x: Grid) => Grid },
  least = 1,
): Draw {
  return (g) => {
    const shape = anyShape(g, least);
    const [x] = spread(g, shape) as [NDArray<"f64">];
    const { apply, expected } = draw(g, shape);
    return { inputs: [x], apply, expected: expected(toGrid(x)) };
  };
}

export const pair = (g: GeneratorValue, min: number, max: number) =>
  [pick(g, min, max), pick(g, min, max)] as [number, number];

/** Tensors that differ in size along one axis only. */
export const joined = (apply: (ts: Tensor[], axis: number) => Tensor, along: boolean): Draw => {
  return (g) => {
    const shape = anyShape(g, 1);
    const axis = pick(g, 0, shape.length - 1);
    const count = pick(g, 1, 3);
    const shapes = Array.from({ length: count }, () =>
      shape.map((n, a) => (along && a === axis ? pick(g, 1, 3) : n)),
    );
    const parts = spread(g, ...shapes);
    const starts = shapes.map((_, k) => shapes.slice(0, k).reduce((n, s) => n + s[axis]!, 0));
    const width = shapes.reduce((n, s) => n + s[axis]!, 0);
    const expected = along
      ? R.build(
          shape.map((n, a) => (a === axis ? width : n)),
          (i) => {
            const k = starts.findLastIndex((s) => s <= i[axis]!);
            return R.at(
              toGrid(parts[k]!),
              i.map((n, a) => (a === axis ? n - starts[k]! : n)),
            );
          },
        )
      : R.build([...shape.slice(0, axis), count, ...shape.slice(axis)], (i) =>
          R.at(
            toGrid(parts[i[axis]!]!),
            i.filter((_, a) => a !== axis),
          ),
        );
    return { inputs: parts, apply: (...ts) => apply(ts, axis), expected };
  };
};

/** Index i along one axis of the result reads what `from` says; −1 is zero. */
export function moved(
  draw: (
    g: GeneratorValue,
    size: number,
  ) => { apply: (x: Tensor, axis: number) => Tensor; length: number; from: (i: number) => number },
): Draw {
  return mapped((g, shape) => {
    const axis = pick(g, 0, shape.length - 1);
    const { apply, length, from } = draw(g, shape[axis]!);
    return {
      apply: (x) => apply(x, axis),
      expected: (x) =>
        R.build(
          shape.map((n, a) => (a === axis ? length : n)),
          (i) => {
            const source = from(i[axis]!);
            return source < 0
              ? 0
              : R.at(
                  x,
                  i.map((n, a) => (a === axis ? source : n)),
                );
          },
        ),
    };
  });
}
