import { expect, test } from "vitest";
import { arrayFrom, type NDArray } from "../array.ts";
import { jit } from "../runtime/jit.ts";
import { sum, type Tensor, valueAndGrad } from "../tensor/index.ts";
import { bernoulliLogProb, categoricalLogProb } from "./likelihood.ts";

const values = [-200, -30, -5, -0.1, 0, 0.1, 5, 30, 200];

test.each(["f32", "f64"] as const)(
  "Bernoulli log-probabilities in %s are finite and exact at any logit",
  async (dtype) => {
    const logits = arrayFrom(dtype, [2, 9], [...values, ...values]);
    const x = arrayFrom(dtype, [2, 9], [...Array(9).fill(0), ...Array(9).fill(1)]);
    const both = jit(
      valueAndGrad((l: Tensor, bits: Tensor) => {
        const each = bernoulliLogProb(l, bits);
        return [sum(each), each] as const;
      }),
    );
    const { value, gradient } = await both(logits, x);
    const each = value[1] as NDArray<"f64">;
    const slope = gradient as NDArray<"f64">;
    const digits = dtype === "f32" ? 1e-6 : 1e-14;
    [...values.map((l) => -l), ...values].forEach((l, i) => {
      // log σ(l) = −log(1 + e^−l), and its derivative σ(−l) towards the observed bit.
      const exact = l > 0 ? -Math.log1p(Math.exp(-l)) : l - Math.log1p(Math.exp(l));
      expect(Math.abs((each.data[i] as number) - exact)).toBeLessThan(digits * Math.max(1, Math.abs(exact)));
      const towards = (i < 9 ? -1 : 1) / (1 + Math.exp(l));
      expect(Math.abs((slope.data[i] as number) - towards)).toBeLessThan(1e-6);
    });
    await both.release();
  },
);

test("categorical log-probabilities are those of the softmax", async () => {
  const logits = [0.3, -1, 2, 50, 0, -50];
  const f = jit((l: Tensor, x: Tensor) => categoricalLogProb(l, x));
  const out = (await f(arrayFrom("f64", [2, 3], logits), arrayFrom("i32", [2], [2, 1]))) as NDArray<"f64">;
  const normal = (l: number[]) => Math.log(l.reduce((s, v) => s + Math.exp(v), 0));
  expect(out.data[0]).toBeCloseTo(2 - normal([0.3, -1, 2]), 12);
  expect(out.data[1]).toBeCloseTo(0 - normal([50, 0, -50]), 12);
  await f.release();
});
