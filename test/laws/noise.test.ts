import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { arrayFrom, type NDArray } from "../../src/array.ts";
import { Key } from "../../src/random/index.ts";
import { jit } from "../../src/runtime/index.ts";
import * as T from "../../src/tensor/index.ts";

const digest = (...arrays: NDArray[]) => {
  const hash = createHash("sha256");
  for (const { data } of arrays) hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return hash.digest("hex").slice(0, 16);
};

const drawn = (key: T.SymbolicKey) => {
  const [a, b] = key.split();
  return [
    T.uniform(a!, [1000]),
    T.uniform(b!, [1000], "f64"),
    T.normal(key.fold(3), [10, 100]),
    T.normal(key.fold(4), [1000], "f64"),
  ];
};

test("the same key gives the same bits twice and in every process", async () => {
  const f = jit(drawn);
  const first = await f(Key.fromSeed(2024));
  const again = await f(Key.fromSeed(2024));
  await f.release();
  expect(first.map((x) => digest(x))).toEqual(again.map((x) => digest(x)));
  // Recorded from another process: what every later one must give again.
  expect(first.map((x) => digest(x))).toEqual([
    "3953d71f5c93ee08",
    "ac983d030b3c6422",
    "db318e97f105d37c",
    "3afcdbe77b37bf1a",
  ]);
});

test("a computation on noise has the same bits twice, in sessions of their own", async () => {
  const step = (key: T.SymbolicKey, x: T.Tensor) => {
    const w = T.normal(key.fold(0), [64, 64]);
    const loss = (w: T.Tensor) => T.mean(T.softplus(T.matmul(T.tanh(T.matmul(x, w)), w)));
    return T.grad(loss)(w);
  };
  const x = arrayFrom(
    "f32",
    [32, 64],
    Float32Array.from({ length: 2048 }, (_, i) => Math.sin(i)),
  );
  const bits: string[] = [];
  for (let i = 0; i < 2; i++) {
    const f = jit(step);
    bits.push(digest(await f(Key.fromSeed(5), x)), digest(await f(Key.fromSeed(5), x)));
    await f.release();
  }
  expect(new Set(bits).size).toBe(1);
});

test("uses of a key are told apart by split and fold, and one use is one draw", async () => {
  const f = jit((key: T.SymbolicKey) => {
    const [a, b] = key.split();
    const keys = [a!, b!, key.fold(0), key.fold(1), a!.fold(0), key.fold(0).fold(0)];
    return [...keys.map((k) => T.normal(k, [8])), T.normal(key.fold(1), [8])];
  });
  const results = (await f(Key.fromSeed(1))).map((x) => digest(x));
  await f.release();
  expect(new Set(results.slice(0, 6)).size).toBe(6);
  expect(results[6]).toBe(results[3]);
});

test("uniform numbers lie in [0, 1) and normals have the moments of a standard normal", async () => {
  const f = jit((key: T.SymbolicKey) => {
    const u = T.uniform(key.fold(0), [200_000]);
    const z = T.normal(key.fold(1), [200_000]);
    return {
      low: T.min(u),
      high: T.max(u),
      uniform: [T.mean(u), T.mean(T.square(u))],
      normal: [T.mean(z), T.mean(T.square(z)), T.mean(T.pow(z, 4))],
    };
  });
  const { low, high, uniform, normal } = await f(Key.fromSeed(11));
  await f.release();
  expect(Number(low.data[0])).toBeGreaterThanOrEqual(0);
  expect(Number(high.data[0])).toBeLessThan(1);
  // Each moment within 4 of its standard deviations, √(variance / n): one failure in 3,000 seeds for the five.
  const within = (actual: NDArray, exact: number, variance: number) =>
    expect(Math.abs(Number(actual.data[0]) - exact)).toBeLessThan(4 * Math.sqrt(variance / 200_000));
  within(uniform[0]!, 1 / 2, 1 / 12);
  within(uniform[1]!, 1 / 3, 4 / 45);
  within(normal[0]!, 0, 1);
  within(normal[1]!, 1, 2);
  within(normal[2]!, 3, 96);
});

test("a graph that draws noise asks for its key", async () => {
  const f = jit((key: T.SymbolicKey) => T.normal(key, [2]));
  await expect(
    (f as unknown as (x: unknown) => Promise<unknown>)(arrayFrom("f32", [1], [0])),
  ).rejects.toThrow();
  await f.release();
});
