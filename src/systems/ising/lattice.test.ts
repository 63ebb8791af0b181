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

  it.each([[[3, 3]], [[4, 5]], [[7, 3]]])(
    "triangular %j: six neighbours, 3N bonds, each joined once",
    (shape) => {
      const { sites, neighbours, bonds } = periodicLattice(shape, "triangular");
      const [, ly = 0] = shape;
      const around = (site: number) => [...neighbours.subarray(6 * site, 6 * site + 6)].sort((a, b) => a - b);
      const at = (i: number, j: number) => ((i + shape[0]!) % shape[0]!) * ly + ((j + ly) % ly);
      for (let i = 0; i < shape[0]!; i++)
        for (let j = 0; j < ly; j++) {
          const steps = [
            [1, 0],
            [-1, 0],
            [0, 1],
            [0, -1],
            [1, 1],
            [-1, -1],
          ] as const;
          const expected = steps.map(([di, dj]) => at(i + di, j + dj)).sort((a, b) => a - b);
          expect(around(at(i, j))).toEqual(expected);
          expect(new Set(expected).size).toBe(6);
        }
      const pairs = new Set<string>();
      for (let b = 0; b < bonds.length; b += 2)
        pairs.add([bonds[b]!, bonds[b + 1]!].sort((a, c) => a - c).join());
      expect([bonds.length / 2, pairs.size]).toEqual([3 * sites, 3 * sites]);
    },
  );

  it("is bipartite exactly when the sites have two colours", () => {
    const lattices = [[4], [5], [2, 4], [3, 4], [2, 2, 2]].map((shape) => periodicLattice(shape));
    for (const lattice of [...lattices, periodicLattice([4, 4], "triangular")]) {
      const { sites, neighbours, bipartite } = lattice;
      const colours = new Int8Array(sites);
      const queue = [0];
      colours[0] = 1;
      let proper = true;
      const degree = neighbours.length / sites;
      for (const site of queue)
        for (const next of neighbours.subarray(site * degree, (site + 1) * degree)) {
          proper &&= colours[next] !== colours[site];
          if (colours[next] === 0) {
            colours[next] = -colours[site]!;
            queue.push(next);
          }
        }
      expect(proper).toBe(bipartite);
    }
  });

  it.each([[[4]], [[4, 4, 4]]])("refuses a triangular lattice of %j", (shape) => {
    expect(() => periodicLattice(shape, "triangular")).toThrow(
      /: a triangular lattice has two sides, such as 8x8$/,
    );
  });

  it.each([[[]], [[1, 4]], [[4.5]], [[0]], [[Number.NaN]], [[2, 2, 2, 2]], [[8192, 8192]]])(
    "refuses %j, naming the shape",
    (shape) => {
      expect(() => periodicLattice(shape)).toThrow(/^shape /);
    },
  );
});
