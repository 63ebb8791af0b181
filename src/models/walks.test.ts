import { expect, test } from "vitest";
import { angularWalk, sphericalWalk, straightWalk } from "./walks.ts";

test("a spherical walk keeps the radius of ends at right angles, and goes evenly", () => {
  const middle = sphericalWalk([2, 0, 0], [0, 2, 0], 0.5);
  expect(Math.hypot(...middle)).toBeCloseTo(2, 12);
  expect(middle[0]).toBeCloseTo(Math.SQRT2, 12);
  // A third of a right angle is 30 degrees.
  expect(sphericalWalk([1, 0], [0, 3], 1 / 3)[1]).toBeCloseTo((5 / 3) * Math.sin(Math.PI / 6), 12);
});

test("between the same or opposite directions it is the straight line", () => {
  expect(sphericalWalk([1, 2], [2, 4], 0.5)).toEqual(straightWalk([1, 2], [2, 4], 0.5));
  expect(sphericalWalk([1, 0], [-1, 0], 0.5)).toEqual([0, 0]);
});

test("angles go the shorter way around", () => {
  const [angle = 0] = angularWalk([3], [-3], 0.5);
  expect(Math.abs(angle)).toBeCloseTo(Math.PI, 12);
});
