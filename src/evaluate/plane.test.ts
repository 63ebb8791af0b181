import { describe, expect, it } from "vitest";
import { arrayFrom } from "../array.ts";
import { real } from "../data/space.ts";
import { freeze } from "../models/arrays.ts";
import type { ExactModel } from "../models/contract.ts";
import { fitted } from "../models/fitted/fitted.ts";
import { latentGrid } from "../models/latent-grid.ts";
import { createModel } from "../models/registry.ts";
import { Key } from "../random/key.ts";
import { jit } from "../runtime/index.ts";
import { createSystem } from "../systems/registry.ts";
import type { Tensor } from "../tensor/index.ts";
import { gridPoints, isPlane, modelDensity, planeGrid, rowDensity, systemDensity } from "./plane.ts";

const moons = createSystem("moons", { sigma: 0.2 });

describe("densities on a grid of the plane", () => {
  it("cover the rows, top row first", async () => {
    const { x } = await moons.simulate({ samples: 20_000, key: Key.fromSeed(1) });
    const grid = planeGrid(moons.space, x, 60);
    expect(grid.x[0]).toBeLessThan(-1.4);
    expect(grid.x[1]).toBeGreaterThan(2.4);
    const points = gridPoints(grid).data;
    expect([points[0]! < grid.x[0] + 0.1, points[1]! > grid.y[1] - 0.1]).toEqual([true, true]);
    const cell = ((grid.x[1] - grid.x[0]) * (grid.y[1] - grid.y[0])) / 3600;
    const exact = systemDensity(moons, grid)!;
    const counted = rowDensity(x, grid);
    const total = (density: Float64Array) => density.reduce((t, p) => t + p, 0) * cell;
    // The trapezoid rule of smooth densities, and counts of all rows but few.
    expect(total(exact)).toBeCloseTo(1, 2);
    expect(total(counted)).toBeCloseTo(1, 2);
    const overlap = exact.reduce((t, p, i) => t + Math.min(p, counted[i]!), 0) * cell;
    expect(overlap).toBeGreaterThan(0.85);
    expect(planeGrid(real([2], [-4, 4]), x, 5)).toEqual({ x: [-4, 4], y: [-4, 4], size: 5 });
  });

  it("are those of a model", async () => {
    const model = createModel("realnvp", { space: real([2]) }, {}) as ExactModel;
    const flow = fitted(model, model.init(Key.fromSeed(1)));
    const grid = { x: [-8, 8], y: [-8, 8], size: 80 } as const;
    const density = await modelDensity(flow, grid);
    // A fresh flow is near its base distribution, whose mass is here.
    expect(density.reduce((t, p) => t + p, 0) * 0.04).toBeCloseTo(1, 2);
    await flow.release();
    expect([isPlane(real([2])), isPlane(real([2, 1])), isPlane(moons.space)]).toEqual([true, false, true]);
  });

  it("carry a latent grid as the flow does", async () => {
    const model = createModel("realnvp", { space: real([2]) }, {}) as ExactModel;
    const parameters = model.init(Key.fromSeed(4));
    const lines = await latentGrid({ model, parameters }, { key: Key.fromSeed(2), lines: 5, points: 20 });
    expect(lines.map((line) => line.length)).toEqual(new Array(10).fill(40));
    const back = jit((x: Tensor) => model.flow!.inverse(freeze(parameters), x).z, { batch: [0] });
    const middle = await back(arrayFrom("f32", [20, 2], lines[2]!));
    // The third of five lines of constant first latent coordinate lies at the median of a normal distribution.
    for (let k = 0; k < 20; k++) expect(Math.abs(Number(middle.data[2 * k]))).toBeLessThan(0.08);
    expect(Number(middle.data[39])).toBeGreaterThan(1.8);
    expect(Number(middle.data[1])).toBeLessThan(-1.8);
    const other = createModel("realnvp", { space: real([3]) }, {}) as ExactModel;
    await expect(
      latentGrid({ model: other, parameters: other.init(Key.fromSeed(1)) }, { key: Key.fromSeed(2) }),
    ).rejects.toThrow("realnvp does not map a plane to a plane");
  });
});
