import { describe, expect, test } from "vitest";
import { arrayFrom } from "../../src/array.ts";
import { Key } from "../../src/random/index.ts";
import { jit } from "../../src/runtime/index.ts";
import * as T from "../../src/tensor/index.ts";
import { expectClose, toGrid } from "./check.ts";
import { type Loop, loops, unrolled } from "./loops.ts";

describe("a scan equals its unrolled form: value, gradient, gradient of a gradient's projection", () => {
  for (const [name, { arguments: args, value }] of Object.entries(loops))
    test(name, async () => {
      const variable = args.flatMap((x, i) => (x.dtype === "f64" ? [i] : []));
      const everything = (loop: Loop) =>
        jit((all: T.Tensor[]) => {
          const loss = (parameters: T.Tensor[]) =>
            value(loop, ...all.map((t, i) => (variable.includes(i) ? parameters[variable.indexOf(i)]! : t)));
          const slope = (parameters: T.Tensor[]) =>
            T.grad(loss)(parameters)
              .map((t) => T.sum(T.square(T.add(t, 0.3))))
              .reduce(T.add);
          const parameters = variable.map((i) => all[i]!);
          return [[loss(parameters)], T.grad(loss)(parameters), T.grad(slope)(parameters)];
        });
      const [looped, written] = [everything(T.scan), everything(unrolled)];
      const a = await looped([...args]);
      const b = await written([...args]);
      await looped.release();
      await written.release();
      a.forEach((level, order) => {
        level.forEach((t, i) => {
          const what = `derivative ${order} by argument ${order === 0 ? "none" : variable[i]}`;
          expectClose(toGrid(t), toGrid(b[order]![i]!), 1e-9, what);
        });
      });
    });
});

test("noise drawn in a loop is the noise of the whole loop, slice by slice, and nested loops draw their own", async () => {
  const f = jit((key: T.SymbolicKey, other: T.SymbolicKey, x: T.Tensor) => {
    const [, inside] = T.scan(
      (c: T.Tensor, _: T.Tensor[]) => {
        const [, inner] = T.scan(
          (u: T.Tensor, _: T.Tensor[]) => [u, T.uniform(other, [2])],
          c,
          [] as T.Tensor[],
          { length: 3 },
        );
        return [c, { outer: T.normal(key, [2]), inner }];
      },
      x,
      [] as T.Tensor[],
      { length: 4 },
    );
    return { inside, outside: { outer: T.normal(key, [4, 2]), inner: T.uniform(other, [4, 3, 2]) } };
  });
  const { inside, outside } = await f(Key.fromSeed(1), Key.fromSeed(2), arrayFrom("f32", [2], [0, 0]));
  await f.release();
  expect([...inside.outer.data]).toEqual([...outside.outer.data]);
  expect([...inside.inner.data]).toEqual([...outside.inner.data]);
  expect(new Set(toGrid(inside.inner).data).size).toBe(24);
});

test("a body that changes the carry, and sequences of different lengths, are refused by name", () => {
  const run = (f: (x: T.Tensor) => T.Tensor) => jit(f)(arrayFrom("f32", [3], [1, 2, 3]));
  const grows = (x: T.Tensor) => T.scan((c: T.Tensor, s: T.Tensor) => [T.stack([c, c]), s], T.exp(x), x)[0];
  const casts = (x: T.Tensor) => {
    const c = T.scalar(0);
    return T.scan((c: T.Tensor, s: T.Tensor) => [T.cast(c, "f64"), s], c, x)[1];
  };
  const uneven = (x: T.Tensor) =>
    T.scan((c: T.Tensor, s: T.Tensor[]) => [c, s[0]!], T.scalar(0), [x, T.slice(x, 0, 1)])[1];
  return Promise.all([
    expect(run(grows)).rejects.toThrow("scan: the body changes the carry: [3] and [2, 3]"),
    expect(run(casts)).rejects.toThrow("scan: the body changes the carry from f32 to f64"),
    expect(run(uneven)).rejects.toThrow("scan: a sequence is not of length 3: [2]"),
  ]);
});
