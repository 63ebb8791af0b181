import { describe, expect, test } from "vitest";
import { arrayFrom, type NDArray } from "../../src/array.ts";
import { jit } from "../../src/runtime/index.ts";
import type { Tensor } from "../../src/tensor/index.ts";
import * as T from "../../src/tensor/index.ts";
import { expectClose, toGrid } from "./check.ts";

const f64 = (...values: number[]) => arrayFrom("f64", [values.length], values);
const list = (x: NDArray) => Array.from(x.data, Number);

async function once<A extends unknown[], R>(
  f: (...args: A) => R,
  ...args: Parameters<ReturnType<typeof jit<A, R>>>
) {
  const run = jit(f);
  try {
    return await run(...args);
  } finally {
    await run.release();
  }
}

describe("grad", () => {
  test("keeps the tree's structure, sums over repeated uses, and gives zeros to what does not reach the value", async () => {
    const loss = ({ a, deep }: { a: Tensor; deep: Tensor[] }) => T.sum(T.mul(T.mul(a, a), deep[0]!));
    const g = await once(T.grad(loss), { a: f64(1, 2), deep: [f64(3, 4), f64(5)] });
    expect(list(g.a)).toEqual([6, 16]);
    expect(g.deep.map(list)).toEqual([[1, 4], [0]]);
  });

  test("takes one tensor as two parameters apart", async () => {
    const loss = (p: Tensor[]) => T.sum(T.mul(p[0]!, T.square(p[1]!)));
    const [a, b] = await once((x: Tensor) => T.grad(loss)([x, x]), f64(3));
    expect([list(a!), list(b!)]).toEqual([[9], [18]]);
  });

  test("gives integers the gradient 0 and passes auxiliary results through", async () => {
    const f = T.valueAndGrad(({ x, n }: { x: Tensor; n: Tensor }) => [
      T.sum(T.mul(x, T.cast(n, "f64"))),
      { tripled: T.mul(x, 3) },
    ]);
    const { value, gradient } = await once((p: { x: Tensor; n: Tensor }) => f(p), {
      x: f64(1, 2),
      n: arrayFrom("i32", [2], [5, 6]),
    });
    const [loss, extra] = value as unknown as [NDArray, { tripled: NDArray }];
    expect(list(loss)).toEqual([17]);
    expect(list(extra.tripled)).toEqual([3, 6]);
    expect(list(gradient.x)).toEqual([5, 6]);
    expect(list(gradient.n)).toEqual([0, 0]);
  });

  test("refuses a value that is no real scalar", async () => {
    await expect(
      once(
        T.grad((x: Tensor) => x),
        f64(1, 2),
      ),
    ).rejects.toThrow("grad: the value must be a real scalar, got shape [2], f64");
    await expect(
      once(
        T.grad((x: Tensor) => T.sum(T.cast(x, "i32"))),
        f64(1),
      ),
    ).rejects.toThrow("i32");
  });
});

describe("stopGradient", () => {
  test("is the value, and a constant to the first and the second derivative", async () => {
    const loss = (x: Tensor) => T.sum(T.mul(T.stopGradient(T.square(x)), x));
    const twice = (x: Tensor) => T.sum(T.grad(loss)(x));
    const [v, g, h] = await once((x: Tensor) => [loss(x), T.grad(loss)(x), T.grad(twice)(x)], f64(3));
    expect([list(v!), list(g!), list(h!)]).toEqual([[27], [9], [0]]);
  });
  test("cuts a parameter off", async () => {
    const g = await once(
      T.grad((x: Tensor) => T.sum(T.stopGradient(x))),
      f64(3, 4),
    );
    expect(list(g)).toEqual([0, 0]);
  });
});

describe("customGradient", () => {
  /** x², whose derivative is said to be x³, and that of x³ derived. */
  const odd = T.customGradient(
    (x) => [T.square(x!)],
    ([g], [x], [y]) => [T.mul(g!, T.mul(x!, y!))],
  );
  test("gives the stated derivative, which can be differentiated again", async () => {
    const loss = (x: Tensor) => T.sum(T.mul(odd(x)[0]!, 2));
    const slope = (x: Tensor) => T.sum(T.grad(loss)(x));
    const [v, g, h] = await once((x: Tensor) => [loss(x), T.grad(loss)(x), T.grad(slope)(x)], f64(3));
    // 2x²; 2x·y with y = x²; and 2y + 2x · (the stated derivative of y, x y).
    expect([list(v!), list(g!), list(h!)]).toEqual([[18], [54], [18 + 2 * 3 * 27]]);
  });
  test("tells which results have a cotangent, and takes undefined for zero", async () => {
    const seen: boolean[] = [];
    const two = T.customGradient(
      (x, y) => [T.add(x!, y!), T.mul(x!, y!)],
      (cotangents) => {
        seen.push(...cotangents.map((c) => c !== undefined));
        return [cotangents[1], undefined];
      },
    );
    const loss = ({ x, y }: { x: Tensor; y: Tensor }) => T.sum(T.mul(two(x, y)[1]!, 5));
    const g = await once(T.grad(loss), { x: f64(2), y: f64(3) });
    expect(seen).toEqual([false, true]);
    expect([list(g.x), list(g.y)]).toEqual([[5], [0]]);
  });
});

describe("row-sparse gradients", () => {
  const table = arrayFrom(
    "f64",
    [6, 2],
    Array.from({ length: 12 }, (_, i) => Math.sin(i)),
  );
  const w = arrayFrom("f64", [2, 2], [0.5, -1, 2, 0.25]);
  const a = arrayFrom("i32", [3], [4, 1, 4]);
  const b = arrayFrom("i32", [2, 2], [1, 0, 4, 5]);
  type Parameters = { embedding: { table: Tensor }; w: Tensor };
  const loss = ({ embedding, w }: Parameters, a: Tensor, b: Tensor) =>
    T.add(
      T.sum(T.sin(T.matmul(T.gather(embedding.table, a), w))),
      T.mul(T.sum(T.exp(T.gather(embedding.table, b))), T.sum(w)),
    );
  const dense = ({ ids, rows }: { ids: NDArray; rows: NDArray }, size: number) => {
    const width = rows.shape[1]!;
    const sums = Array<number>(size * width).fill(0);
    list(ids).forEach((id, i) => {
      for (let j = 0; j < width; j++) sums[id * width + j]! += Number(rows.data[i * width + j]);
    });
    return { shape: [size, width], data: sums };
  };

  test("equal the dense ones, with repeated rows and several uses", async () => {
    const parameters = { embedding: { table }, w };
    const plain = await once(
      (p: Parameters, a: Tensor, b: Tensor) => T.valueAndGrad(loss)(p, a, b),
      parameters,
      a,
      b,
    );
    const sparse = await once(
      (p: Parameters, a: Tensor, b: Tensor) => T.valueAndGrad(loss, { sparse: ["embedding.table"] })(p, a, b),
      parameters,
      a,
      b,
    );
    const rows = sparse.sparse["embedding.table"]!;
    expect(list(rows.ids).toSorted()).toEqual([0, 1, 1, 4, 4, 4, 5]);
    expectClose(dense(rows, 6), toGrid(plain.gradient.embedding.table));
    expectClose(toGrid(sparse.gradient.w), toGrid(plain.gradient.w));
    expect(sparse.gradient.embedding.table.shape).toEqual([0]);
  });

  test("serve any batch of rows", async () => {
    const f = jit(
      (p: { t: Tensor }, ids: Tensor) =>
        T.valueAndGrad((q: { t: Tensor }, i: Tensor) => T.sum(T.square(T.gather(q.t, i))), {
          sparse: ["t"],
        })(p, ids).sparse,
      { batch: [1] },
    );
    for (const n of [1, 5]) {
      const ids = arrayFrom(
        "i64",
        [n],
        Array.from({ length: n }, (_, i) => (i * 2) % 3),
      );
      const { ids: used, rows } = (await f({ t: table }, ids)).t!;
      expect(list(used)).toEqual(list(ids));
      expect(rows.shape).toEqual([n, 2]);
      expect(Number(rows.data[1])).toBeCloseTo(2 * Math.sin(2 * Number(ids.data[0]) + 1), 12);
    }
    await f.release();
  });

  test("are refused where the table is used otherwise, or not at all", async () => {
    const of = (f: (t: Tensor) => Tensor) =>
      once(
        (t: Tensor) => T.valueAndGrad((p: { t: Tensor }) => f(p.t), { sparse: ["t"] })({ t }).sparse,
        table,
      );
    const ids = T.constant(a);
    const both = (t: Tensor) => T.add(T.sum(T.gather(t, ids)), T.sum(t));
    await expect(of(both)).rejects.toThrow(
      "a row-sparse parameter of shape [6, 2] may only be used by gather",
    );
    await expect(of((t) => T.sum(T.gather(t, T.constant(arrayFrom("i32", [1], [0])), 1)))).rejects.toThrow(
      "may only be used by gather",
    );
    await expect(of(() => T.scalar(1, "f64"))).rejects.toThrow("does not depend on a row-sparse parameter");
  });
});
