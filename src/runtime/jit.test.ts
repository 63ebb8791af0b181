import { expect, test } from "vitest";
import { arrayFrom } from "../array.ts";
import { Key } from "../random/key.ts";
import {
  add,
  grad,
  matmul,
  mean,
  mul,
  normal,
  type SymbolicKey,
  scan,
  sum,
  type Tensor,
  tanh,
  valueAndGrad,
} from "../tensor/index.ts";
import { jit } from "./jit.ts";

const matrix = (rows: number, columns: number, dtype: "f32" | "f64" = "f64") =>
  arrayFrom(
    dtype,
    [rows, columns],
    Array.from({ length: rows * columns }, (_, i) => Math.sin(1 + i * 1.7)),
  );

test("a batch of any size runs on one graph", async () => {
  const f = jit((w: Tensor, x: Tensor) => ({ y: matmul(x, w), m: mean(matmul(x, w)) }), { batch: [1] });
  for (const rows of [1, 4, 9]) {
    const { y, m } = await f(matrix(3, 2), matrix(rows, 3));
    expect(y.shape).toEqual([rows, 2]);
    const expected = (y.data as Float64Array).reduce((s, v) => s + v, 0) / y.data.length;
    expect(Number(m.data[0])).toBeCloseTo(expected, 12);
  }
});

test("the gradient of a recurrence by scan equals that of its unrolled form, and so does the second derivative", async () => {
  const step = (h: Tensor, x: Tensor, w: Tensor, b: Tensor) => tanh(add(matmul(h, w), add(x, b)));
  const looped = ({ w, b }: { w: Tensor; b: Tensor }, h0: Tensor, xs: Tensor) => {
    const [h, ys] = scan(
      (h: Tensor, x: Tensor) => {
        const next = step(h, x, w, b);
        return [next, mul(next, next)];
      },
      h0,
      xs,
    );
    return add(sum(mul(h, 0.3)), sum(ys));
  };
  const unrolled = ({ w, b }: { w: Tensor; b: Tensor }, h0: Tensor, ...xs: Tensor[]) => {
    let h = h0;
    let total = mul(sum(h), 0);
    for (const x of xs) {
      h = step(h, x, w, b);
      total = add(total, sum(mul(h, h)));
    }
    return add(total, sum(mul(h, 0.3)));
  };
  const w = matrix(4, 4);
  const b = arrayFrom("f64", [4], [0.1, 0.2, -0.3, 0.4]);
  const h0 = matrix(3, 4);
  const steps = [0, 1, 2].map((i) =>
    arrayFrom(
      "f64",
      [3, 4],
      Array.from({ length: 12 }, (_, j) => Math.cos(i * 3 + j)),
    ),
  );
  const xs = arrayFrom(
    "f64",
    [3, 3, 4],
    steps.flatMap((s) => [...s.data].map(Number)),
  );
  const a = await jit(valueAndGrad(looped))({ w, b }, h0, xs);
  const c = await jit(valueAndGrad(unrolled))({ w, b }, h0, ...steps);
  const close = (x: { data: ArrayLike<unknown> }, y: { data: ArrayLike<unknown> }) => {
    expect(x.data.length).toBe(y.data.length);
    for (let i = 0; i < x.data.length; i++) expect(Number(x.data[i])).toBeCloseTo(Number(y.data[i]), 10);
  };
  close(a.value, c.value);
  close(a.gradient.w, c.gradient.w);
  close(a.gradient.b, c.gradient.b);
  const normLooped = (p: { w: Tensor; b: Tensor }, h0: Tensor, xs: Tensor) => {
    const g = grad(looped)(p, h0, xs);
    return add(sum(mul(g.w, g.w)), sum(mul(g.b, g.b)));
  };
  const normUnrolled = (p: { w: Tensor; b: Tensor }, h0: Tensor, ...xs: Tensor[]) => {
    const g = grad(unrolled)(p, h0, ...xs);
    return add(sum(mul(g.w, g.w)), sum(mul(g.b, g.b)));
  };
  const a2 = await jit(grad(normLooped))({ w, b }, h0, xs);
  const c2 = await jit(grad(normUnrolled))({ w, b }, h0, ...steps);
  close(a2.w, c2.w);
  close(a2.b, c2.b);
});

test("noise in a loop is fresh at every step and the same for the same key", async () => {
  const f = jit((key: SymbolicKey, x: Tensor) => {
    const [, ys] = scan((c: Tensor, _: Tensor[]) => [c, add(c, normal(key, c.shape))], x, [] as Tensor[], {
      length: 5,
    });
    return ys;
  });
  const x = arrayFrom("f32", [2], [0, 0]);
  const a = await f(Key.fromSeed(1), x);
  const b = await f(Key.fromSeed(1), x);
  const c = await f(Key.fromSeed(2), x);
  expect(a.shape).toEqual([5, 2]);
  expect(new Set(a.data as Float32Array).size).toBe(10);
  expect(a.data).toEqual(b.data);
  expect(a.data).not.toEqual(c.data);
});
