import { expect, test } from "vitest";
import { arrayFrom } from "../../../../array.ts";
import { jit } from "../../../../runtime/jit.ts";
import { grad, sum, type Tensor } from "../../../../tensor/index.ts";
import { quantiser } from "./quantise.ts";

test("every state has its digits, and digits give the state back", async () => {
  const code = quantiser([8, 5, 3]);
  const states = arrayFrom(
    "i32",
    [120],
    Array.from({ length: 120 }, (_, i) => i),
  );
  const split = jit((z: Tensor) => code.split(z, "f32"));
  const digits = await split(states);
  expect([...(digits.data as Float32Array)].slice(3 * 47, 3 * 48)).toEqual([3, 0, 2]); // 47 = 3·15 + 0·3 + 2
  const join = jit((d: Tensor) => code.join(d));
  expect([...((await join(digits)).data as Int32Array)]).toEqual([...states.data]);
});

test("numbers are rounded to levels of even and odd number, the outermost within reach", async () => {
  const code = quantiser([4, 5]);
  const digits = jit((x: Tensor) => code.digits(x));
  const wide = Array.from({ length: 401 }, (_, i) => (i - 200) / 20);
  const found = await digits(
    arrayFrom(
      "f32",
      [401, 2],
      wide.flatMap((v) => [v, v]),
    ),
  );
  const seen = (channel: number) => [
    ...new Set(
      Array.from(found.data as Float32Array)
        .filter((_, i) => i % 2 === channel)
        .map(Math.round),
    ),
  ];
  expect(seen(0)).toEqual([0, 1, 2, 3]);
  expect(seen(1)).toEqual([0, 1, 2, 3, 4]);
});

test("the gradient goes straight through the rounding: it is that of (levels − 1)(1 + ε)/2 · tanh", async () => {
  const code = quantiser([5]);
  const slope = jit((x: Tensor) => grad((at: Tensor) => sum(code.digits(at)))(x));
  const at = [-1.2, 0.1, 0.7];
  const found = await slope(arrayFrom("f32", [3, 1], at));
  at.forEach((x, i) => {
    expect(found.data[i]).toBeCloseTo((2 * 1.001) / Math.cosh(x) ** 2, 5);
  });
});

test("a walk between two codes goes digit by digit from one to the other", () => {
  const { walk } = quantiser([8, 5, 5]);
  const [a, b] = [
    [0, 199],
    [199, 7],
  ];
  expect(walk(a, b, 0)).toEqual(a);
  expect(walk(a, b, 1)).toEqual(b);
  // Half of (7, 4, 4) rounds up to (4, 2, 2).
  expect(walk(a, b, 0.5)[0]).toBe(4 * 25 + 2 * 5 + 2);
});
