import { expect, test } from "vitest";
import { arrayFrom } from "../../array.ts";
import { erf, type Tensor } from "../../tensor/index.ts";
import { jit } from "../jit.ts";

// mpmath at 40 digits, rounded to doubles: [(x, erf(x)) for x in ...]
const exact: readonly [number, number][] = [
  [1e-300, 1.1283791670955126e-300],
  [1e-10, 1.1283791670955126e-10],
  [0.001, 0.0011283787909692365],
  [0.1, 0.1124629160182849],
  [0.25, 0.27632639016823696],
  [0.4, 0.42839235504666845],
  [0.46, 0.4846553900016797],
  [0.468749, 0.49261256742437665],
  [0.46875, 0.49261347321793797],
  [0.469, 0.4928398949625797],
  [0.5, 0.5204998778130465],
  [0.75, 0.7111556336535151],
  [0.9, 0.7969082124228322],
  [1.0, 0.8427007929497149],
  [1.25, 0.9229001282564583],
  [1.5, 0.9661051464753108],
  [1.75, 0.9866716712191824],
  [2.0, 0.9953222650189527],
  [2.5, 0.999593047982555],
  [3.0, 0.9999779095030014],
  [3.5, 0.9999992569016276],
  [3.9, 0.9999999652077514],
  [4.0, 0.9999999845827421],
  [4.1, 0.9999999932999724],
  [4.5, 0.9999999998033839],
  [5.0, 0.9999999999984626],
  [5.5, 0.9999999999999927],
  [5.9, 0.9999999999999999],
  [6.0, 1.0],
  [6.5, 1.0],
  [10.0, 1.0],
];

test("erf in double precision agrees with the exact values to 1e-14 relative, and is odd", async () => {
  const f = jit((x: Tensor) => erf(x));
  const points = exact.flatMap(([x]) => [x, -x]);
  const { data } = await f(arrayFrom("f64", [points.length], points));
  exact.forEach(([, value], i) => {
    expect(Math.abs(Number(data[2 * i]) / value - 1)).toBeLessThan(1e-14);
    expect(Number(data[2 * i + 1])).toBe(-Number(data[2 * i]));
  });
  await f.release();
});

test("erf is 0 at 0, ±1 at infinity, and keeps what is not a number", async () => {
  const f = jit((x: Tensor) => erf(x));
  const { data } = await f(arrayFrom("f64", [5], [0, Infinity, -Infinity, NaN, 40]));
  expect([...data]).toEqual([0, 1, -1, NaN, 1]);
  await f.release();
});
