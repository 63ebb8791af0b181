import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { difference, formatComparison, formatEstimate } from "./estimate.ts";

describe("formatEstimate", () => {
  test.each([
    [-1.45307, 0.00042, "-1.4531 ± 0.0004"],
    [-1.45307, 0.00014, "-1.45307 ± 0.00014"],
    [-1.45307, 0.00019, "-1.45307 ± 0.00019"],
    [0.5, 0.096, "0.50 ± 0.10"],
    [0.5, 0.94, "0.5 ± 0.9"],
    [12345, 678, "12300 ± 700"],
    [12345, 96, "12350 ± 100"],
    [12345, 132, "12350 ± 130"],
    [-0.00001, 0.2, "0.0 ± 0.2"],
    [0.000024, 0.00002, "(2 ± 2)e-5"],
    [2.4e-7, 3e-8, "(2.4 ± 0.3)e-7"],
    [1.2345e300, 2e297, "(1.234 ± 0.002)e300"],
    [5e-320, 1e-320, "(5.0 ± 1.0)e-320"],
    [0, 1e-12, "(0.0 ± 1.0)e-12"],
    [3, 1e9, "(0.0 ± 1.0)e9"],
    [1, 1e-200, "1 ± 0"],
    [0.1, 1.4e-17, "0.1 ± 0"],
    [-5e-17, 0, "0 ± 0"],
    [-5e-17, Number.NaN, "0 ± unknown"],
    [-5e-17, 0.2, "0.0 ± 0.2"],
    [0.1 + 0.2, 0, "0.3 ± 0"],
    [1 / 3, 0, "0.3333333 ± 0"],
    [Math.fround(0.3), 0, "0.3 ± 0"],
    [12_345_678, 0, "12345678 ± 0"],
    [1.45314578, Number.NaN, "1.45315 ± unknown"],
    [1.5, Infinity, "1.5 ± Infinity"],
    [Number.NaN, Number.NaN, "NaN ± unknown"],
    [-Infinity, Number.NaN, "-Infinity ± unknown"],
  ])("%d and %d is %s", (value, error, text) => {
    expect(formatEstimate({ value, error })).toBe(text);
  });

  test("what is printed is within half a printed unit of what is meant", () => {
    const number = fc.double({ min: 1e-300, max: 1e300, noNaN: true });
    fc.assert(
      fc.property(
        number,
        fc.double({ min: 1e-12, max: 1e3, noNaN: true }),
        fc.boolean(),
        (size, ratio, minus) => {
          const value = minus ? -size : size;
          const error = size * ratio;
          if (error > 1e300) return;
          const match = /^\(?(-?[\d.]+) ± ([\d.]+)\)?(e-?\d+)?$/.exec(formatEstimate({ value, error }))!;
          const [printed, uncertainty] = [match[1]!, match[2]!].map((text) =>
            Number(text + (match[3] ?? "")),
          );
          expect(Math.abs(printed! - value)).toBeLessThanOrEqual(0.5 * error);
          expect(Math.abs(uncertainty! / error - 1)).toBeLessThanOrEqual(0.25);
        },
      ),
    );
  });
});

test("difference is in units of the error, errors of two estimates added in squares", () => {
  expect(difference({ value: 3, error: 0.5 }, 2)).toEqual({ value: 1, error: 0.5, sigmas: 2 });
  expect(difference({ value: 3, error: 3 }, { value: 8, error: 4 })).toEqual({
    value: -5,
    error: 5,
    sigmas: -1,
  });
  expect(difference({ value: 2, error: 0 }, 2).sigmas).toBe(0);
  expect(difference({ value: 0.1 + 0.2, error: 1e-17 }, 0.3).sigmas).toBe(0);
  expect(difference({ value: 1, error: 0 }, 2).sigmas).toBe(-Infinity);
  expect(difference({ value: 1, error: Number.NaN }, 2).sigmas).toBeNaN();
});

test("a comparison states both values and their distance", () => {
  expect(formatComparison({ value: -1.45312, error: 0.0004 }, -1.453064853)).toBe(
    "-1.4531 ± 0.0004 (exact -1.453065, -0.1σ)",
  );
  expect(formatComparison({ value: 1, error: Number.NaN }, 1)).toBe("1 ± unknown (exact 1)");
});

test("a comparison counts no standard errors that are rounding, and prints none of it", () => {
  expect(formatComparison({ value: 0.1 + 0.2, error: 1e-17 }, 0.3)).toBe("0.3 ± 0 (exact 0.3)");
  expect(formatComparison({ value: 0.4, error: 1e-17 }, 0.3)).toBe("0.4 ± 0 (exact 0.3)");
  expect(formatComparison({ value: 0.004, error: 0.016 }, -2.7e-16)).toBe("0.004 ± 0.016 (exact 0, +0.3σ)");
  expect(formatComparison({ value: 0, error: 0 }, -2.7e-16)).toBe("0 ± 0 (exact 0)");
  expect(formatComparison({ value: 2.4e-7, error: 3e-8 }, 2.1e-7)).toBe(
    "(2.4 ± 0.3)e-7 (exact 2.1e-7, +1.0σ)",
  );
});
