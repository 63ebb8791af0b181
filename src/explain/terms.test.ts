import { describe, expect, it } from "vitest";
import { binary } from "../data/space.ts";
import { elementOf, type SymmetryName, symmetryGroup } from "../data/symmetry.ts";
import { mostWork, requireAffordable } from "./affordable.ts";
import { productCount } from "./product-count.ts";
import { productKey, spinProducts } from "./products.ts";
import { candidatesOf } from "./terms.ts";

describe("products of spins", () => {
  it("are all there is of each order, each once", () => {
    const products = spinProducts(7, [1, 2, 3, 4]);
    expect(products.length).toBe(7 + 21 + 35 + 35);
    expect(new Set(products.map((product) => productKey(product, 7))).size).toBe(products.length);
    for (const product of products) expect([...product].sort((a, b) => a - b)).toEqual(product);
    expect(productCount(64, 3)).toBe(41_664);
    expect(productKey([5, 1, 3], 7)).toBe(productKey([1, 3, 5], 7));
  });

  it("are refused where there are too many", () => {
    expect(() => spinProducts(200, [1, 2, 3])).toThrow(
      /1333500 products of up to 3 of 200 spins; at most 200000 can be candidates: take order 2 at most/,
    );
    // Of even orders alone, as a flip leaves them.
    expect(() => spinProducts(100, [2, 4])).toThrow(/take order 2 at most$/);
  });

  it("are refused where passes over the rows would take hours, with the largest order that would do", () => {
    const orders = Array.from({ length: 9 }, (_, k) => k + 1);
    expect(() => requireAffordable(16, orders, 10_000)).toThrow(
      /50642 products of up to 9 of 16 spins for 10000 rows, which takes hours: take order 8 at most$/,
    );
    // Σ k C(16, k) for k ≤ 8 is 16 Σ C(15, j) for j ≤ 7, half of all subsets of 15.
    expect(16 * 2 ** 14 * 10_000).toBeLessThan(mostWork);
    requireAffordable(16, orders.slice(0, 8), 10_000);
    requireAffordable(64, [1, 2, 3], 25_000);
    expect(() => requireAffordable(50, [1, 2], 1e9)).toThrow(/take fewer rows or sites$/);
  });
});

describe("orbits", () => {
  const cases: [number[], SymmetryName[]][] = [
    [[6], ["translations"]],
    [
      [4, 4],
      ["translations", "reflections"],
    ],
    [
      [4, 4],
      ["translations", "reflections", "rotations"],
    ],
    [[3, 5], ["reflections"]],
  ];
  it.each(cases)("on %j under %j number as Burnside's lemma says, and are closed", (shape, names) => {
    const sites = shape.reduce((a, b) => a * b, 1);
    const group = symmetryGroup(binary(shape), names);
    const { products, terms, termOf } = candidatesOf({ sites, orders: [1, 2, 3], group });
    const place = new Map(products.map((product, p) => [productKey(product, sites), p]));
    let fixed = 0;
    for (let e = 0; e < group.order; e++) {
      const { permutation } = elementOf(group, e);
      products.forEach((product, p) => {
        const image = place.get(
          productKey(
            product.map((site) => permutation[site]!),
            sites,
          ),
        )!;
        expect(termOf[image]).toBe(termOf[p]);
        if (image === p) fixed++;
      });
    }
    expect(terms.length).toBe(fixed / group.order);
    expect(terms.reduce((sum, term) => sum + term.products.length, 0)).toBe(products.length);
  });
});
