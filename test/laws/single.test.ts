import fc from "fast-check";
import { expect, test } from "vitest";
import { arrayFrom, type DType, type NDArray } from "../../src/array.ts";
import { jit } from "../../src/runtime/index.ts";
import * as T from "../../src/tensor/index.ts";
import { type Draw, expectClose, numbers, toGrid } from "./check.ts";
import { conv2d, convTranspose2d, einsum, gather, matmul, scatterAdd } from "./products.ts";

// Single precision has its own lowering of these: it is held to the same loops.

const narrow = (x: NDArray<DType>): NDArray<DType> =>
  x.dtype === "f64" ? arrayFrom("f32", x.shape, x.data as Float64Array) : x;

async function values(f: (x: T.Tensor) => T.Tensor, data: readonly number[]) {
  const run = jit(f);
  const result = await run(arrayFrom("f32", [data.length], data));
  await run.release();
  return Array.from(result.data, Number);
}

function expectRelative(actual: readonly number[], expected: readonly number[], tolerance: number) {
  expected.forEach((e, i) => {
    if (e === actual[i]) return;
    expect(Math.abs(actual[i]! / e - 1), `element ${i}: ${actual[i]} for ${e}`).toBeLessThan(tolerance);
  });
}

const draws: Readonly<Record<string, Draw>> = { conv2d, convTranspose2d, matmul, einsum, gather, scatterAdd };
for (const [name, draw] of Object.entries(draws))
  test(`${name} and its derivatives agree with loops and with double precision`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (g) => {
        const { inputs, apply, expected } = draw(g);
        const floats = inputs.flatMap((x, i) => (x.dtype === "f64" ? [i] : []));
        const run = jit((all: T.Tensor[]) => {
          const loss = (parameters: T.Tensor[]) => {
            const mixed = all.map((t, i) => (floats.includes(i) ? parameters[floats.indexOf(i)]! : t));
            return T.sum(T.sin(apply(...mixed)));
          };
          const slope = (parameters: T.Tensor[]) =>
            T.grad(loss)(parameters)
              .map((t) => T.sum(T.square(t)))
              .reduce(T.add);
          const parameters = floats.map((i) => all[i]!);
          return {
            value: apply(...all),
            first: T.grad(loss)(parameters),
            second: T.grad(slope)(parameters),
          };
        });
        const rounded = inputs.map(narrow);
        const wide = await run(
          rounded.map((x) => (x.dtype === "f32" ? arrayFrom("f64", x.shape, x.data as Float32Array) : x)),
        );
        const single = await run(rounded);
        await run.release();
        expectClose(toGrid(single.value), expected, 1e-5);
        for (const order of ["first", "second"] as const)
          single[order].forEach((t, i) => {
            expectClose(toGrid(t), toGrid(wide[order][i]!), 5e-5, `${order} derivative`);
          });
      }),
      { seed: 7, numRuns: 50 },
    );
  });

test("log1p and expm1 keep their digits near 0, and their limits", async () => {
  const small = [1e-30, 1e-9, 3e-8, 6e-8, 1.3e-7, 1e-6, 1e-4, 0.01, 0.3, 1.5, 20].flatMap((x) => [
    x,
    -x / 21,
  ]);
  const points = small.map(Math.fround);
  expectRelative(await values(T.log1p, points), points.map(Math.log1p), 3e-7);
  expectRelative(await values(T.expm1, points), points.map(Math.expm1), 1e-6);
  expect(await values(T.log1p, [-1, Infinity, 0, NaN])).toEqual([-Infinity, Infinity, 0, NaN]);
  expect(await values(T.expm1, [-Infinity, Infinity, 0, NaN])).toEqual([-1, Infinity, 0, NaN]);
});

test("softplus does not overflow and its derivative is the sigmoid", async () => {
  const points = [-200, -90, -17, -5, -1, -1e-3, 0, 1e-3, 1, 5, 17, 90, 200].map(Math.fround);
  const f = jit((x: T.Tensor) => ({ y: T.softplus(x), g: T.grad((t: T.Tensor) => T.sum(T.softplus(t)))(x) }));
  const { y, g } = await f(arrayFrom("f32", [points.length], points));
  await f.release();
  points.forEach((x, i) => {
    const exact = Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    expect(Math.abs(Number(y.data[i]) - exact)).toBeLessThan(1.2e-7 * Math.max(1, exact));
    expect(Math.abs(Number(g.data[i]) - 1 / (1 + Math.exp(-x)))).toBeLessThan(2e-7);
  });
  expect(await values(T.softplus, [-Infinity, Infinity, NaN])).toEqual([0, Infinity, NaN]);
});

test("erf in single precision is that of double precision", async () => {
  const points = Array.from({ length: 121 }, (_, i) => Math.fround((i - 60) / 15));
  const f = jit((x: T.Tensor) => ({ single: T.erf(x), wide: T.erf(T.cast(x, "f64")) }));
  const { single, wide } = await f(arrayFrom("f32", [points.length], points));
  await f.release();
  expectClose(toGrid(single), toGrid(wide), 3e-7);
});

test("sums of a million terms are right to 1e-6, over all axes, some, and a symbolic batch", async () => {
  const random = numbers(5);
  const shapes: [number[], number[]][] = [
    [[1_000_000], [0]],
    [[999_983], [0]],
    [
      [1000, 1000],
      [0, 1],
    ],
    [[500_000, 2], [0]],
    [[2, 500_000], [1]],
    [
      [64, 2, 100, 80],
      [0, 2, 3],
    ],
  ];
  for (const [shape, axes] of shapes)
    for (const batch of [[], [0]]) {
      const size = shape.reduce((a, b) => a * b, 1);
      const x = arrayFrom("f32", shape, Float32Array.from({ length: size }, random));
      const f = jit((t: T.Tensor) => ({ s: T.sum(t, axes), exact: T.sum(T.cast(t, "f64"), axes) }), {
        batch,
      });
      const { s, exact } = await f(x);
      await f.release();
      // A batch that is summed into rows, not into one number, is summed by the engine alone.
      const tolerance = batch.length > 0 && axes.length < shape.length ? 2e-3 : 1e-6;
      expectRelative(Array.from(s.data, Number), Array.from(exact.data, Number), tolerance);
    }
});
