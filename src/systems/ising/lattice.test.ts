import { describe, expect, it } from "vitest";
import { periodicLattice } from "./lattice.ts";

describe("periodicLattice", () => {
  it.each([[[5]], [[2, 2]], [[3, 4]], [[2, 3, 4]]])("%j: forward and backward undo each other", (shape) => {
    const { sites, neighbours } = periodicLattice(shape);
    const at = (site: number, axis: number, back: 0 | 1) =>
      neighbours[2 * (site * shape.length + axis) + back]!;
    for (let site = 0; site < sites; site++)
      shape.forEach((side, axis) => {
        expect(at(at(site, axis, 0), axis, 1)).toBe(site);
        let around = site;
        for (let step = 0; step < side; step++) around = at(around, axis, 0);
        expect(around).toBe(site);
      });
  });

  it("is row-major: forward along the last axis is the next site", () => {
    const { neighbours } = periodicLattice([3, 4]);
    expect([...neighbours.subarray(0, 4)]).toEqual([4, 8, 1, 3]);
  });

  it("counts each bond once, and twice the pair on a side of 2", () => {
    for (const shape of [[6], [3, 3], [2, 2], [2, 2, 3]])
      expect(periodicLattice(shape).bonds.length / 2).toBe(
        shape.length * shape.reduce((product, side) => product * side, 1),
      );
    const { bonds } = periodicLattice([2]);
    expect([...bonds]).toEqual([0, 1, 1, 0]);
  });

  it("alternates parity between neighbours exactly when bipartite", () => {
    for (const shape of [[4], [5], [2, 4], [3, 4], [2, 2, 2]]) {
      const { bonds, parity, bipartite } = periodicLattice(shape);
      let alternating = true;
      for (let b = 0; b < bonds.length; b += 2) alternating &&= parity[bonds[b]!] === -parity[bonds[b + 1]!]!;
      expect(alternating).toBe(bipartite);
    }
  });

  it.each([[[]], [[1, 4]], [[4.5]], [[0]], [[Number.NaN]], [[2, 2, 2, 2]], [[8192, 8192]]])(
    "refuses %j, naming the shape",
    (shape) => {
      expect(() => periodicLattice(shape)).toThrow(/^shape /);
    },
  );
});
