import fc from "fast-check";
import { expect, it } from "vitest";
import { sharedBins } from "./shared-bins.ts";

it("puts the same number of lattice levels in the middle of every bin", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 400 }),
      fc.array(fc.nat(), { minLength: 3, maxLength: 60 }),
      fc.integer({ min: 1, max: 60 }),
      (sites, draws, most) => {
        const values = draws.map((d) => (2 * (d % (sites + 1))) / sites - 1);
        const bins = sharedBins(values, most)!;
        const [low, high] = bins.range;
        const width = (high - low) / bins.bins;
        expect(bins.bins).toBeLessThanOrEqual(most);
        for (const v of values) {
          expect(v).toBeGreaterThan(low);
          expect(v).toBeLessThan(high);
        }
        if (new Set(values).size < 2) return;
        // No value lies on an edge, where rounding would decide its bin.
        const toEdge = values.map((v) => Math.abs((v - low) / width - Math.round((v - low) / width)) * width);
        expect(Math.min(...toEdge)).toBeGreaterThan(0.4 * (2 / sites));
      },
    ),
    { seed: 5 },
  );
});

it("takes values off any grid as continuous, and none as nothing", () => {
  const values = Array.from({ length: 200 }, (_, i) => Math.sin(i * i));
  const bins = sharedBins(values, 30)!;
  expect(bins.bins).toBe(30);
  expect(bins.range).toEqual([Math.min(...values), Math.max(...values)]);
  expect(sharedBins([])).toBeUndefined();
  expect(sharedBins([2, 2])!.bins).toBe(1);
});
