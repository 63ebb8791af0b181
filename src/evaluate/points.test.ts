import { expect, it } from "vitest";
import { arrayFrom } from "../array.ts";
import { binary, categorical, circle, levels, real, type Space, sequence, storageOf } from "../data/space.ts";
import { Key, uniform } from "../random/index.ts";
import { distance, pointEncoder } from "./points.ts";

/** The distance of the first of two rows from the second, in units of `reference`. */
function apart(space: Space, rows: number[][], reference = rows): number {
  const array = (of: number[][]) =>
    arrayFrom(storageOf(space), [of.length, (of[0] as number[]).length], of.flat());
  const points = pointEncoder(space, array(reference))(array(rows));
  expect(points.count).toBe(rows.length);
  return distance(points, 0, points, 1);
}

it.each<[string, Space, number[], number[], number]>([
  ["labels differ or not, however far", categorical([3], 300), [0, 7, 2], [299, 7, 3], Math.SQRT2],
  ["bits that differ", binary([4]), [0, 1, 1, 0], [1, 1, 0, 1], Math.sqrt(3)],
  ["sequences place by place", sequence(5, 3), [1, 2, 5], [1, 3, 4], Math.SQRT2],
  ["angles on both sides of π", circle([1]), [-Math.PI], [Math.PI], 0],
  ["angles by the chord", circle([2]), [0, 1], [Math.PI / 2, 1], Math.SQRT2],
  ["grey levels in units of their range", levels([2], 256), [0, 8], [192, 264], Math.sqrt(0.75 ** 2 + 1)],
  ["bounded numbers in units of their range", real([1], [-1, 3]), [0], [1], 0.25],
])("%s", (_, space, a, b, expected) => {
  expect(apart(space, [a, b])).toBeCloseTo(expected, 6);
});

it("numbers without bounds count in standard deviations of the reference, and a constant column in its own unit", () => {
  // Deviations 2, 200 and 0.
  const reference = [
    [-2, 100, 0.1],
    [2, 500, 0.1],
  ];
  expect(
    apart(
      real([3]),
      [
        [0, 0, 0.1],
        [2, 200, 0.1],
      ],
      reference,
    ),
  ).toBeCloseTo(Math.SQRT2, 6);
  expect(
    apart(
      real([3]),
      [
        [0, 0, 0.1],
        [0, 0, 2.1],
      ],
      reference,
    ),
  ).toBeCloseTo(2, 6);
});

it("bits packed in words differ as labels of two states do", () => {
  const rows = uniform(Key.fromSeed(1), 2 * 101, "f64").map((u) => (u < 0.5 ? 1 : 0));
  const both = [[...rows.subarray(0, 101)], [...rows.subarray(101)]];
  expect(apart(binary([101]), both)).toBe(apart(categorical([101], 2), both));
});
