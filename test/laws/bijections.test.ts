import { describe, expect, test } from "vitest";
import { arrayFrom, type DType, type NDArray, ndarray, sizeOf } from "../../src/array.ts";
import { isArray } from "../../src/models/arrays.ts";
import { Key } from "../../src/random/key.ts";
import { normal } from "../../src/random/normal.ts";
import { uniform } from "../../src/random/uniform.ts";
import { Program } from "../../src/runtime/program.ts";
import { Spec, trace } from "../../src/runtime/trace.ts";
import { add, grad, mul, reshape, sum, type Tensor, valueAndGrad } from "../../src/tensor/index.ts";
import { leavesWithPaths, mapTree } from "../../src/tensor/tree.ts";
import { type BijectionCase, bijections } from "./bijections.ts";

type Real = "f32" | "f64";
const ROWS = 200;

/** Parameters far from zero, so that no law holds only because a map is near the identity. */
function disturbed({ bijection }: BijectionCase): NDArray<"f32">[] {
  const key = Key.fromSeed(5);
  return leavesWithPaths(bijection.init(Key.fromSeed(1)), isArray).map(([path, array], i) => {
    const noise = normal(key.fold(i), array.data.length, "f32");
    const mask = bijection.masks?.[path];
    return {
      ...array,
      data: array.data.map((v, j) => v + 0.3 * (noise[j] as number) * (mask?.[j] ?? 1)),
    };
  });
}

const as = (dtype: Real, { shape, data }: NDArray): NDArray<Real> =>
  arrayFrom(dtype, shape, data as Float64Array);

/** Points z in the middle and in the tails: normal numbers of standard deviations 1 and 8; angles everywhere. */
function points({ support, bijection: { latentShape } }: BijectionCase): NDArray<"f64"> {
  const size = sizeOf(latentShape);
  const key = Key.fromSeed(9);
  const u = uniform(key.fold(0), ROWS * size, "f64");
  const z = normal(key.fold(1), ROWS * size, "f64");
  const [low, high] = support === "circle" ? [-Math.PI, Math.PI] : support === "line" ? [0, 0] : support;
  const data = z.map((v, i) => {
    if (support === "line") return i % (4 * size) < size ? 8 * v : v;
    return low + (high - low) * (u[i] as number);
  });
  return arrayFrom("f64", [ROWS, ...latentShape], data);
}

const contexts = ({ contextSize }: BijectionCase): NDArray<"f64">[] =>
  contextSize === 0
    ? []
    : [arrayFrom("f64", [ROWS, contextSize], normal(Key.fromSeed(3), ROWS * contextSize, "f64"))];

/** Runs a function of a case's parameters, rows of some shape and its context, all of one real type. */
async function run(
  c: BijectionCase,
  parameters: readonly NDArray<"f32">[],
  x: NDArray,
  f: (p: never, x: Tensor, context: Tensor | undefined) => Tensor | readonly Tensor[],
  dtype: Real,
): Promise<NDArray<Real>[]> {
  return (await runEach(c, parameters, [[x]], f as never, dtype))[0] as NDArray<Real>[];
}

/** The same for several lists of arrays of the same shapes, which one graph is run on. */
async function runEach(
  c: BijectionCase,
  parameters: readonly NDArray<"f32">[],
  lists: readonly (readonly NDArray[])[],
  f: (p: never, ...rest: never[]) => Tensor | readonly Tensor[],
  dtype: Real,
): Promise<NDArray<Real>[][]> {
  const fresh = c.bijection.init(Key.fromSeed(1));
  const tree = mapTree(fresh, isArray, ({ shape }) => new Spec(shape, dtype));
  const specs = [...(lists[0] as readonly NDArray[]), ...contexts(c)].map(
    ({ shape }) => new Spec(shape, dtype),
  );
  const program = await Program.compile(trace(f as never, [tree, ...specs]));
  const out: NDArray<Real>[][] = [];
  for (const list of lists) {
    const arrays = [...parameters, ...list, ...contexts(c)].map((a) => as(dtype, a));
    out.push((await program.run(arrays as NDArray<DType>[])) as NDArray<Real>[]);
  }
  await program.release();
  return out;
}

const forwardOf =
  ({ bijection }: BijectionCase) =>
  (p: never, z: Tensor, context: Tensor | undefined) => {
    const { value, logDet } = bijection.forward(p, z, context);
    return [value, logDet];
  };
const inverseOf =
  ({ bijection }: BijectionCase) =>
  (p: never, x: Tensor, context: Tensor | undefined) => {
    const { value, logDet } = bijection.inverse(p, x, context);
    return [value, logDet];
  };

/** The largest difference, in units of max(1, |expected|); across ±π where values are angles. */
function distance(actual: NDArray, expected: NDArray, circular: boolean): number {
  let worst = 0;
  (expected.data as Float64Array).forEach((e, i) => {
    let d = Math.abs(Number(actual.data[i]) - e);
    if (circular) d = Math.min(d, Math.abs(2 * Math.PI - d));
    worst = Math.max(worst, d / Math.max(1, Math.abs(e)));
  });
  return worst;
}

/** log |det| of a matrix by elimination with pivots. */
function logAbsDet(matrix: number[][]): number {
  let total = 0;
  const m = matrix.map((row) => [...row]);
  for (let k = 0; k < m.length; k++) {
    let pivot = k;
    for (let i = k + 1; i < m.length; i++) if (Math.abs(m[i]![k]!) > Math.abs(m[pivot]![k]!)) pivot = i;
    [m[k], m[pivot]] = [m[pivot]!, m[k]!];
    total += Math.log(Math.abs(m[k]![k]!));
    for (let i = k + 1; i < m.length; i++) {
      const factor = m[i]![k]! / m[k]![k]!;
      for (let j = k; j < m.length; j++) m[i]![j]! -= factor * m[k]![j]!;
    }
  }
  return total;
}

describe.each(bijections)("$name", (c) => {
  const { bijection } = c;
  const fresh = bijection.init(Key.fromSeed(1));
  const parameters = disturbed(c);
  const z = points(c);
  const circular = c.support === "circle";
  const n = sizeOf(bijection.latentShape);

  test.each([
    ["f32", 1e-5],
    ["f64", 1e-10],
  ] as const)(
    "a round trip in %s comes back within %d, the tails too, and log-determinants cancel",
    async (dtype, tolerance) => {
      const [x, up] = (await run(c, parameters, z, forwardOf(c), dtype)) as [NDArray, NDArray];
      expect(x.shape).toEqual([ROWS, ...bijection.dataShape]);
      expect(up.shape).toEqual([ROWS]);
      const [back, down] = (await run(c, parameters, x, inverseOf(c), dtype)) as [NDArray, NDArray];
      expect(back.shape).toEqual([ROWS, ...bijection.latentShape]);
      const [again] = (await run(c, parameters, back, forwardOf(c), dtype)) as [NDArray];
      expect(distance(again, x, circular)).toBeLessThan(tolerance);
      expect(distance(back, as(dtype, z), circular)).toBeLessThan(tolerance);
      const minus = { ...down, data: (down.data as Float64Array).map((v) => -v) };
      expect(distance(minus, up, false)).toBeLessThan(10 * tolerance);
    },
  );

  test("the log-determinant is that of the automatic Jacobian within 1e-6 in double precision", async () => {
    const x = ((await run(c, parameters, z, forwardOf(c), "f64")) as [NDArray])[0];
    for (const [way, at] of [
      ["forward", z],
      ["inverse", x],
    ] as const) {
      // One graph for all rows of the Jacobian: it is given the component to differentiate.
      const gradient = (p: never, v: Tensor, component: Tensor, context: Tensor | undefined) => {
        const value = (u: Tensor) => reshape(bijection[way](p, u, context).value, [ROWS, n]);
        const slope = grad((u: Tensor) => sum(mul(value(u), component)))(v) as Tensor;
        return [bijection[way](p, v, context).logDet, reshape(slope, [ROWS, n])];
      };
      const lists = Array.from({ length: n }, (_, i) => [
        at,
        ndarray("f64", [n], new Float64Array(n).fill(1, i, i + 1)),
      ]);
      const outputs = (await runEach(c, parameters, lists, gradient as never, "f64")) as NDArray<"f64">[][];
      const logDet = (outputs[0] as NDArray<"f64">[])[0];
      const rows = outputs.map(([, slope]) => slope as NDArray<"f64">);
      let worst = 0;
      for (let row = 0; row < ROWS; row++) {
        const matrix = rows.map(({ data }) => Array.from(data.subarray(row * n, (row + 1) * n)));
        const expected = logAbsDet(matrix);
        const actual = logDet!.data[row] as number;
        worst = Math.max(worst, Math.abs(actual - expected));
      }
      expect(worst, way).toBeLessThan(1e-6);
    }
  });

  test.skipIf(!c.identity)("is the identity where all parameters are zero", async () => {
    const zero = parameters.map(({ shape }) => arrayFrom("f32", shape, new Float32Array(sizeOf(shape))));
    for (const [map, shape] of [
      [forwardOf(c), bijection.latentShape],
      [inverseOf(c), bijection.dataShape],
    ] as const) {
      const at = arrayFrom("f64", [ROWS, ...shape], z.data);
      const [value, logDet] = (await run(c, zero, at, map, "f64")) as NDArray<"f64">[];
      expect(distance(value!, z, circular)).toBeLessThan(1e-12);
      expect(Math.max(...logDet!.data.map(Math.abs))).toBeLessThan(1e-12);
    }
  });

  test("every parameter receives a finite gradient, in both directions", async () => {
    const paths = leavesWithPaths(fresh, isArray).map(([path]) => path);
    if (paths.length === 0) return;
    const x = ((await run(c, parameters, z, forwardOf(c), "f64")) as [NDArray])[0];
    for (const [way, at] of [
      ["forward", z],
      ["inverse", x],
    ] as const) {
      const loss = (p: never, v: Tensor, context: Tensor | undefined) =>
        valueAndGrad((q: never) => {
          const { value, logDet } = bijection[way](q, v, context);
          return sum(
            add(
              sum(
                mul(value, value),
                value.shape.slice(1).map((_, i) => i + 1),
              ),
              mul(logDet, 3),
            ),
          );
        })(p).gradient as readonly Tensor[];
      for (const dtype of ["f32", "f64"] as const) {
        const gradients = await run(c, parameters, at, loss, dtype);
        paths.forEach((path, i) => {
          const { data } = gradients[i] as NDArray<"f64">;
          expect(data.every(Number.isFinite), `${way}: ${path}`).toBe(true);
          const why = c.withoutGradient[path];
          expect(
            data.some((v) => v !== 0),
            `${way}: ${path}${why ? `: ${why}` : ""}`,
          ).toBe(why === undefined);
        });
      }
    }
  });
});
