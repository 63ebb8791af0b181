import { describe, expect, test } from "vitest";
import { conv2d, convTranspose2d, matmul, scan, type Tensor } from "../tensor/index.ts";
import { Spec, trace } from "./trace.ts";
import { workOf } from "./work.ts";

const work = (f: (...args: never[]) => unknown, ...shapes: number[][]) =>
  workOf(trace(f as never, shapes.map((shape) => new Spec(shape)) as never).outputs.map((o) => o.tensor));

describe("work", () => {
  test("of a product is two operations a multiplication", () => {
    const got = work((a: Tensor, b: Tensor) => matmul(a, b), [100, 300], [300, 500]);
    expect(got / (2 * 100 * 300 * 500)).toBeCloseTo(1, 2);
  });

  test("of a convolution counts the kernel at every output, of its transpose at every input", () => {
    const conv = work((x: Tensor, w: Tensor) => conv2d(x, w), [8, 16, 30, 30], [32, 16, 3, 3]);
    expect(conv / (2 * 8 * 32 * 28 * 28 * 16 * 9)).toBeCloseTo(1, 2);
    const up = work(
      (x: Tensor, w: Tensor) => convTranspose2d(x, w, { stride: 2 }),
      [8, 16, 30, 30],
      [16, 32, 3, 3],
    );
    expect(up / (2 * 8 * 16 * 30 * 30 * 32 * 9)).toBeCloseTo(1, 2);
  });

  test("of a loop is that of its body as often as it runs", () => {
    const once = work((a: Tensor, b: Tensor) => matmul(a, b), [100, 100], [100, 100]);
    const loop = work(
      (a: Tensor, b: Tensor) =>
        scan((h: Tensor) => [matmul(h, b), undefined] as const, a, undefined, { length: 7 })[0],
      [100, 100],
      [100, 100],
    );
    expect(loop / once).toBeCloseTo(7, 0);
  });
});
