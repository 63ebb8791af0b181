import { expect, test } from "vitest";
import { type NDArray, ndarray } from "../../../../array.ts";
import { Key } from "../../../../random/key.ts";
import { normal } from "../../../../random/normal.ts";
import { jit } from "../../../../runtime/jit.ts";
import { momentsOf } from "./affine.ts";

test("moments of huge, tiny, far-off and constant columns in single precision", async () => {
  const columns = [
    { of: (v: number) => v * 1e37, mean: 0, deviation: 1e37 },
    { of: (v: number) => v * 1e-37, mean: 0, deviation: 1e-37 },
    { of: (v: number) => 1e6 + v, mean: 1e6, deviation: 1 },
    { of: (v: number) => 2 * v - 5, mean: -5, deviation: 2 },
    { of: () => Math.fround(0.1), mean: Math.fround(0.1), deviation: 1 },
    { of: () => 0, mean: 0, deviation: 1 },
  ];
  const [rows, n] = [1000, columns.length];
  const z = normal(Key.fromSeed(1), rows * n, "f32");
  const x = ndarray(
    "f32",
    [rows, n],
    z.map((v, i) => (columns[i % n] as (typeof columns)[number]).of(v)),
  );
  const moments = jit((t: never) => momentsOf(t, [n]));
  const { shift, logScale } = (await moments(x as never)) as unknown as {
    shift: NDArray<"f32">;
    logScale: NDArray<"f32">;
  };
  await moments.release();
  columns.forEach(({ mean, deviation }, i) => {
    // Errors of 1,000 rows: 0.03 deviations of the mean, 0.02 of the deviation; four times that.
    expect(Math.abs((shift.data[i] as number) - mean)).toBeLessThanOrEqual(0.13 * deviation);
    expect(Math.abs(Math.log(deviation) - (logScale.data[i] as number))).toBeLessThan(0.09);
  });
  expect([...logScale.data.slice(4)]).toEqual([0, 0]);
});
