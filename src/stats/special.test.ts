import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { logGamma, upperGamma } from "./gamma.ts";
import { erf, erfc, normalCdf, normalQuantile, normalSurvival } from "./normal.ts";
import { normalOfStudent } from "./student.ts";

const relative = (value: number, exact: number) => Math.abs(value / exact - 1);

describe("erf and erfc", () => {
  // mpmath, 60 digits: erf(mpf(x)), erfc(mpf(x)) at the double x.
  test.each([
    [0.1, 0.1124629160182849, 0.887537083981715],
    [0.5, 0.5204998778130465, 0.4795001221869535],
    [1, 0.8427007929497149, 0.15729920705028513],
    [1.5, 0.9661051464753108, 0.033894853524689274],
    [2.5, 0.9995930479825551, 0.0004069520174449589],
    [5, 0.9999999999984625, 1.537459794428035e-12],
    [10, 1, 2.0884875837625446e-45],
    [26, 1, 5.663192408856143e-296],
  ])("at %d", (x, exact, complement) => {
    expect(relative(erf(x), exact)).toBeLessThan(5e-16);
    expect(relative(erfc(x), complement)).toBeLessThan(3e-15);
    expect(erf(-x)).toBe(-erf(x));
    expect(relative(erfc(-x), 1 + exact)).toBeLessThan(5e-16);
  });

  test("at the ends", () => {
    expect([erf(0), erf(Infinity), erf(-Infinity), erfc(Infinity), erfc(-Infinity)]).toEqual([
      0, 1, -1, 0, 2,
    ]);
    expect(erf(Number.NaN)).toBeNaN();
    expect([erfc(30), erfc(1e12), erfc(1e200), normalSurvival(1e200)]).toEqual([0, 0, 0, 0]);
    expect(erfc(Number.NaN)).toBeNaN();
    expect(erf(1e-300)).toBeCloseTo((2 / Math.sqrt(Math.PI)) * 1e-300, 314);
  });

  test("erf² is the gamma function's: erfc x = Q(½, x²)", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 25, noNaN: true }), (x) => {
        expect(relative(erfc(x), upperGamma(0.5, x * x))).toBeLessThan(1e-12);
      }),
    );
  });
});

describe("normalQuantile", () => {
  // mpmath, 60 digits: √2 erfinv(2p − 1) at the double p, or findroot on the logarithm.
  test.each([
    [0.975, 1.9599639845400538],
    [0.925, 1.4395314709384561],
    [0.075, -1.439531470938456],
    [0.3, -0.5244005127080408],
    [0.05, -1.6448536269514726],
    [1e-10, -6.361340902404056],
    [1e-12, -7.034483825301132],
    [1e-16, -8.222082216130435],
    [1e-100, -21.273453560965326],
    [1e-300, -37.0470962993612],
    [0.5000001, 2.506628273311649e-7],
  ])("of %d", (p, z) => {
    expect(relative(normalQuantile(p), z)).toBeLessThan(1e-15);
  });

  test("inverts the cumulative distribution in both tails", () => {
    fc.assert(
      fc.property(fc.double({ min: -37, max: 0, noNaN: true }), (z) => {
        expect(Math.abs(normalQuantile(normalCdf(z)) - z)).toBeLessThan(4e-15 * Math.max(1, -z));
        expect(normalSurvival(-z)).toBe(normalCdf(z));
      }),
    );
  });

  test("at and beyond the ends", () => {
    expect([0, 0.5, 1].map(normalQuantile)).toEqual([-Infinity, 0, Infinity]);
    for (const p of [-1e-9, 1.1, Number.NaN]) expect(normalQuantile(p)).toBeNaN();
  });
});

describe("gamma functions", () => {
  // mpmath, 60 digits: gammainc(a, x, regularized=True).
  test.each([
    [0.5, 0.1, 0.654720846018577],
    [0.5, 10, 7.744216431044084e-6],
    [1, 1, 0.36787944117144233],
    [3.5, 2, 0.7797774084757159],
    [10, 20, 0.004995412308307587],
    [50, 40, 0.929664933340605],
    [500, 600, 1.2255942330622905e-5],
    [0.5, 100, 2.0884875837625446e-45],
  ])("Q(%d, %d)", (a, x, exact) => {
    expect(relative(upperGamma(a, x), exact)).toBeLessThan(1e-12);
  });

  test("Q(a, x) for whole a is the Poisson sum, on both sides of x = a + 1", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0.01, max: 120, noNaN: true }),
        (a, x) => {
          let term = Math.exp(-x);
          let total = 0;
          for (let k = 0; k < a; k++) {
            total += term;
            term *= x / (k + 1);
          }
          expect(Math.abs(upperGamma(a, x) - total)).toBeLessThan(1e-12 * Math.max(total, 0.01));
        },
      ),
    );
  });

  // mpmath, 60 digits: loggamma(x).
  test.each([
    [0.1, 2.252712651734206],
    [0.5, 0.5723649429247001],
    [1.5, -0.12078223763524522],
    [10.3, 13.482036786138359],
    [1000.5, 5908.674175848677],
  ])("log Γ(%d)", (x, exact) => {
    expect(relative(logGamma(x), exact)).toBeLessThan(1e-13);
  });

  test("outside their domain they are NaN", () => {
    for (const value of [
      logGamma(0),
      logGamma(-1),
      upperGamma(0, 1),
      upperGamma(1, -1),
      upperGamma(1, Number.NaN),
    ])
      expect(value).toBeNaN();
    expect([upperGamma(2, 0), upperGamma(2, Infinity)]).toEqual([1, 0]);
  });
});

describe("Student's deviations as those of a normal variable", () => {
  // Two-sided 5 % and 0.1 % points of tables: t of 3, 10 and 30 degrees of freedom.
  test.each([
    [3.182446, 3, 1.959964],
    [12.923979, 3, 3.290527],
    [2.228139, 10, 1.959964],
    [4.586894, 10, 3.290527],
    [3.645959, 30, 3.290527],
  ])("t = %d of %d degrees of freedom", (t, dof, z) => {
    expect(Math.abs(normalOfStudent(t, dof) / z - 1)).toBeLessThan(0.025);
    expect(normalOfStudent(-t, dof)).toBe(-normalOfStudent(t, dof));
  });

  test("at the ends", () => {
    expect([normalOfStudent(0, 5), normalOfStudent(Infinity, 5), normalOfStudent(Number.NaN, 5)]).toEqual([
      0,
      Infinity,
      Number.NaN,
    ]);
    expect(normalOfStudent(4, 1e9)).toBeCloseTo(4, 6);
  });
});
