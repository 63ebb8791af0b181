import { expect, test } from "vitest";
import { arrayFrom, type NDArray } from "../array.ts";
import { nodesOf } from "../tensor/graph.ts";
import type { Tensor } from "../tensor/index.ts";
import * as T from "../tensor/index.ts";
import { fuseGemm } from "./fuse.ts";
import { jit } from "./jit.ts";
import { Spec, trace } from "./trace.ts";

type F = (a: Tensor, b: Tensor, c: Tensor) => Tensor[];
const shapes = { a: [2, 3], b: [3, 4], c: [4] };

const names = (f: F, { a, b, c }: Record<"a" | "b" | "c", number[]> = shapes) => {
  const { outputs } = trace(
    (a: Tensor, b: Tensor, c: Tensor) => f(a, b, c),
    [new Spec(a), new Spec(b), new Spec(c)],
  );
  return nodesOf(fuseGemm(outputs.map((o) => o.tensor)))
    .map((n) => n.operation.name)
    .filter((name) => name !== "input");
};

test("a product, its transpositions and its bias are one Gemm", () => {
  expect(names((a, b, c) => [T.add(T.matmul(a, b), c)])).toEqual(["gemm"]);
  expect(
    names((a, b, c) => [T.add(c, T.matmul(T.transpose(a), T.transpose(b)))], {
      a: [3, 2],
      b: [4, 3],
      c: [1, 4],
    }),
  ).toEqual(["gemm"]);
});

test("a product used twice, or widened by what is added, keeps its sum apart", () => {
  const twice: F = (a, b, c) => {
    const product = T.matmul(a, b);
    return [T.add(product, c), T.exp(product)];
  };
  expect(names(twice).toSorted()).toEqual(["add", "exp", "gemm"]);
  expect(names((a, b, c) => [T.add(T.matmul(a, b), c)], { a: [2, 3], b: [3, 1], c: [4] })).toEqual([
    "gemm",
    "add",
  ]);
  expect(names((a, b, c) => [T.add(T.matmul(a, b), c)], { a: [1, 3], b: [3, 4], c: [2, 4] })).toEqual([
    "gemm",
    "add",
  ]);
});

test("fused or not, the values are those of loops", async () => {
  const sizes = [
    [2, 3, 4, [4]],
    [2, 3, 1, [4]],
    [1, 3, 4, [2, 4]],
    [2, 3, 4, [1, 4]],
    [2, 3, 4, [2, 1]],
    [2, 3, 4, [2, 4]],
    [2, 3, 4, [1]],
    [2, 3, 4, []],
    [1, 1, 1, [1]],
    [5, 3, 1, [1]],
    [5, 3, 1, [1, 1]],
  ] as const;
  const fill = (shape: readonly number[], seed: number) => {
    const size = shape.reduce((n, m) => n * m, 1);
    return arrayFrom(
      "f32",
      shape,
      Float32Array.from({ length: size }, (_, i) => Math.sin(seed + i * 1.3)),
    );
  };
  for (const [m, k, n, bias] of sizes)
    for (const [ta, tb] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ]) {
      const a = fill(ta ? [k, m] : [m, k], 1);
      const b = fill(tb ? [n, k] : [k, n], 2);
      const c = fill(bias, 3);
      const f = jit((a: Tensor, b: Tensor, c: Tensor) =>
        T.add(T.matmul(ta ? T.transpose(a) : a, tb ? T.transpose(b) : b), c),
      );
      const actual = await f(a, b, c);
      await f.release();
      const rows = Math.max(m, bias.length === 2 ? bias[0] : 1);
      const columns = Math.max(n, bias.at(-1) ?? 1);
      expect(actual.shape).toEqual([rows, columns]);
      const at = (x: NDArray, i: number, j: number) => {
        const [height, width] = [x.shape.at(-2) ?? 1, x.shape.at(-1) ?? 1];
        return Number(x.data[Math.min(i, height - 1) * width + Math.min(j, width - 1)]);
      };
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++) {
          let sum = at(c, i, j);
          for (let l = 0; l < k; l++) {
            const [p, q] = [Math.min(i, m - 1), Math.min(j, n - 1)];
            sum += (ta ? at(a, l, p) : at(a, p, l)) * (tb ? at(b, q, l) : at(b, l, q));
          }
          expect(Number(actual.data[i * columns + j])).toBeCloseTo(sum, 5);
        }
    }
});
