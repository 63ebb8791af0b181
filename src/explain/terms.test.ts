import { describe, expect, it } from "vitest";
import { binary } from "../data/space.ts";
import { elementOf, type SymmetryName, symmetryGroup } from "../data/symmetry.ts";
import { productCount, productKey, spinProducts } from "./products.ts";
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
      /1333500 products of up to 3 of 200 spins; at most 200000/,
    );
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
