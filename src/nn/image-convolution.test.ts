import { describe, expect, it } from "vitest";
import { type NDArray, ndarray, sizeOf } from "../array.ts";
import { Key } from "../random/key.ts";
import { normal } from "../random/normal.ts";
import { jit } from "../runtime/index.ts";
import { Program } from "../runtime/program.ts";
import { Spec, trace } from "../runtime/trace.ts";
import { conv2d, grad, mul, padPeriodic, sum, type Tensor } from "../tensor/index.ts";
import { BATCH } from "../tensor/shape.ts";
import { imageConvolution } from "./image-convolution.ts";

const numbers = (seed: number, shape: readonly number[]): NDArray<"f64"> =>
  ndarray("f64", shape, normal(Key.fromSeed(seed), sizeOf(shape), "f64"));

describe.each([
  ["square images", [2, 3, 4, 6], [5, 3, 3, 3]],
  ["a chain", [2, 3, 1, 5], [4, 3, 1, 3]],
  ["a window wider than high", [1, 2, 4, 5], [3, 2, 3, 5]],
  ["windows that are laid out in parts", [6, 2, 4, 3], [3, 2, 3, 3], 500],
] as const)("%s", (_, image, kernel, held?: number) => {
  it.each(["zero", "periodic"] as const)(
    "is conv2d with its derivatives, %s beyond the edges",
    async (padding) => {
      const [up, left] = [(kernel[2] - 1) / 2, (kernel[3] - 1) / 2];
      const oracle = (x: Tensor, w: Tensor) =>
        padding === "zero"
          ? conv2d(x, w, { padding: [up, left] })
          : conv2d(padPeriodic(padPeriodic(x, 2, up), 3, left), w);
      const [x, w] = [numbers(1, image), numbers(2, kernel)];
      const weights = numbers(3, [image[0], kernel[0], image[2], image[3]]);
      const both = (convolution: (x: Tensor, w: Tensor) => Tensor) =>
        jit((p: { x: Tensor; w: Tensor }, c: Tensor) => ({
          y: convolution(p.x, p.w),
          first: grad((q: { x: Tensor; w: Tensor }) => sum(mul(convolution(q.x, q.w), c)))(p),
          // A derivative of the derivative, as penalties of gradients take.
          second: grad((q: { x: Tensor; w: Tensor }) => {
            const g = grad((r: { x: Tensor; w: Tensor }) => sum(mul(convolution(r.x, r.w), c)))(q);
            return sum(mul(g.x, mul(q.x, g.x)));
          })(p),
        }));
      const own = await both((a, b) => imageConvolution(a, b, padding, held))({ x, w }, weights);
      const theirs = await both(oracle)({ x, w }, weights);
      const pairs = [
        [own.y, theirs.y],
        [own.first.x, theirs.first.x],
        [own.first.w, theirs.first.w],
        [own.second.x, theirs.second.x],
        [own.second.w, theirs.second.w],
      ] as const;
      for (const [a, b] of pairs) {
        expect(a.shape).toEqual(b.shape);
        for (const [i, v] of b.data.entries()) expect(a.data[i] as number).toBeCloseTo(v as number, 10);
      }
    },
  );
});

it("has its derivatives for a batch of unknown size", async () => {
  const [x, w, c] = [numbers(1, [3, 2, 4, 4]), numbers(2, [2, 2, 3, 3]), numbers(3, [3, 2, 4, 4])];
  const gradients = (rows: Tensor, kernel: Tensor, weights: Tensor) =>
    grad((p: { x: Tensor; w: Tensor }) => sum(mul(imageConvolution(p.x, p.w, "periodic"), weights)))({
      x: rows,
      w: kernel,
    });
  const known = await jit(gradients)(x, w, c);
  const images = new Spec([BATCH, 2, 4, 4], "f64");
  const program = await Program.compile(
    trace(
      (rows: Tensor, kernel: Tensor, weights: Tensor) => {
        const found = gradients(rows, kernel, weights);
        return [found.x, found.w];
      },
      [images, new Spec([2, 2, 3, 3], "f64"), images],
    ),
  );
  const found = await program.run([x, w, c], { batch: 3 });
  await program.release();
  for (const [i, same] of [known.x, known.w].entries())
    for (const [j, v] of same.data.entries())
      expect(found[i]?.data[j] as number).toBeCloseTo(v as number, 10);
});
