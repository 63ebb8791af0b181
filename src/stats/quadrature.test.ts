import { describe, expect, it } from "vitest";
import { gaussLegendre } from "./quadrature.ts";

describe("gaussLegendre", () => {
  it("is exact for polynomials of degree 2n − 1", () => {
    for (const n of [1, 2, 5, 20, 64])
      for (let degree = 0; degree < 2 * n; degree++) {
        const { points, weights } = gaussLegendre(n, -1, 2);
        const sum = points.reduce((total, x, k) => total + weights[k]! * (x / 2) ** degree, 0);
        expect(sum).toBeCloseTo((2 * (1 - (-0.5) ** (degree + 1))) / (degree + 1), 12);
      }
  });

  it("has the three points of the tables, and an integral that many points need", () => {
    const { points, weights } = gaussLegendre(3);
    expect([...points]).toEqual([-Math.sqrt(0.6), 0, Math.sqrt(0.6)].map((x) => expect.closeTo(x, 15)));
    expect([...weights]).toEqual([5 / 9, 8 / 9, 5 / 9].map((w) => expect.closeTo(w, 15)));
    const wide = gaussLegendre(400, -30, 30);
    // ∫exp(−x²) = √π
    const sum = wide.points.reduce((total, x, k) => total + wide.weights[k]! * Math.exp(-x * x), 0);
    expect(sum).toBeCloseTo(Math.sqrt(Math.PI), 13);
  });
});
