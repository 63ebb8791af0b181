import { describe, expect, test } from "vitest";
import { categorical, Key, normal, stream, uniform } from "../random/index.ts";
import { bonferroni, jointTest } from "./bonferroni.ts";
import { chiSquaredSurvival, chiSquaredTest } from "./chi-squared.ts";
import { kolmogorovSurvival, kolmogorovTest } from "./kolmogorov.ts";
import { normalCdf } from "./normal.ts";

describe("chiSquaredTest", () => {
  test("a worked example: 44, 56 of 50, 50", () => {
    const { statistic, dof, pValue } = chiSquaredTest([44, 56], [50, 50]);
    expect([statistic, dof]).toEqual([1.44, 1]);
    expect(pValue).toBeCloseTo(2 * normalCdf(-1.2), 14);
  });

  test("small cells are merged, and a still small rest joins the smallest cell", () => {
    expect(chiSquaredTest([10, 20, 2, 1, 3], [12, 18, 2, 2, 2])).toEqual(
      chiSquaredTest([10, 20, 6], [12, 18, 6]),
    );
    expect(chiSquaredTest([10, 20, 2], [12, 18, 2])).toEqual(chiSquaredTest([12, 20], [14, 18]));
  });

  test("its p-values are uniform where the expectation is right", () => {
    const weights = [1, 2, 3, 4, 10];
    const pValues = Float64Array.from({ length: 300 }, (_, i) => {
      const counts = new Float64Array(5);
      for (const state of categorical(Key.fromSeed(51).fold(i), weights, 2000))
        counts[state] = counts[state]! + 1;
      return chiSquaredTest(
        counts,
        weights.map((weight) => weight * 100),
      ).pValue;
    });
    expect(kolmogorovTest(pValues, (p) => p).pValue).toBeGreaterThan(0.01);
  });

  test("an impossible count, and cells too few", () => {
    expect(chiSquaredTest([99, 1], [100, 0])).toMatchObject({ statistic: Infinity, pValue: 0 });
    expect(chiSquaredTest([100], [100])).toMatchObject({ dof: 0, pValue: Number.NaN });
    expect(chiSquaredTest([44, 56, 50], [50, 50, 50], { fitted: 1 }).dof).toBe(1);
  });

  test("bad input is named", () => {
    expect(() => chiSquaredTest([1, 2], [3])).toThrow(/2 observed cells but 1 expected/);
    expect(() => chiSquaredTest([1, 2], [4, 5])).toThrow(/3 counts were observed but 9 expected/);
    expect(() => chiSquaredTest([1, -2], [4, 5])).toThrow(/cell 1 holds -2/);
  });
});

describe("kolmogorovTest", () => {
  test("the survival function at published quantiles", () => {
    // Smirnov, Ann. Math. Stat. 19 (1948) 279.
    expect(kolmogorovSurvival(1.2238)).toBeCloseTo(0.1, 4);
    expect(kolmogorovSurvival(1.3581)).toBeCloseTo(0.05, 4);
    expect(kolmogorovSurvival(1.6276)).toBeCloseTo(0.01, 4);
  });

  test("both series of the survival function agree where they meet, and it falls from 1", () => {
    expect(kolmogorovSurvival(1 - 1e-12)).toBeCloseTo(kolmogorovSurvival(1 + 1e-12), 10);
    expect([kolmogorovSurvival(0), kolmogorovSurvival(0.1)]).toEqual([1, 1]);
  });

  test("the statistic of a worked example", () => {
    expect(kolmogorovTest([0.1, 0.4, 0.7], (x) => x).statistic).toBeCloseTo(0.3, 14);
  });

  test.each([10, 100])("its p-values of %d samples are uniform", (n) => {
    const pValues = Float64Array.from(
      { length: 1000 },
      (_, i) => kolmogorovTest(normal(Key.fromSeed(52).fold(i), n, "f64"), normalCdf).pValue,
    );
    expect(kolmogorovTest(pValues, (p) => p).pValue).toBeGreaterThan(0.01);
  });

  test("sees a wrong distribution, and NaN", () => {
    const squares = uniform(Key.fromSeed(53), 1000, "f64").map((x) => x ** 1.2);
    expect(kolmogorovTest(squares, (x) => x).pValue).toBeLessThan(1e-3);
    expect(() => kolmogorovTest([1, Number.NaN], (x) => x)).toThrow(/NaN/);
    expect(() => kolmogorovTest([], (x) => x)).toThrow(/no samples/);
  });
});

describe("many tests at once", () => {
  test("Bonferroni's p-value", () => {
    expect(bonferroni([0.5, 0.01, 0.2])).toBeCloseTo(0.03, 15);
    expect(bonferroni([0.5, 0.9])).toBe(1);
    expect(bonferroni([])).toBe(1);
  });

  test("honest deviations pass and one dishonest among 128 does not", () => {
    const sigmas = normal(Key.fromSeed(54), 128, "f64");
    const honest = jointTest(sigmas);
    expect(honest.pValue).toBeGreaterThan(0.01);
    expect(honest.largestPValue).toBeGreaterThan(0.01);
    expect(honest.pValue).toBe(chiSquaredSurvival(honest.chiSquared, 128));
    sigmas[stream(Key.fromSeed(55)).below(128)] = -6;
    const one = jointTest(sigmas);
    expect(one.largest).toBe(6);
    expect(sigmas[one.largestAt]).toBe(-6);
    expect(one.largestPValue).toBeCloseTo(256 * normalCdf(-6), 12);
    // All errors too small by a factor of 1.3: no single one stands out, but all together do.
    expect(jointTest(normal(Key.fromSeed(54), 128, "f64").map((x) => 1.3 * x)).pValue).toBeLessThan(0.01);
  });

  test("a deviation that is NaN is not passed over", () => {
    expect(jointTest([0.1, Number.NaN])).toMatchObject({ pValue: Number.NaN, largestPValue: Number.NaN });
    expect(jointTest([])).toMatchObject({ pValue: 1, largestPValue: 1 });
  });
});
