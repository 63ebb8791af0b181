import { beforeAll, describe, expect, it } from "vitest";
import { ndarray } from "../array.ts";
import { makeDataset } from "../data/dataset.ts";
import { categorical, real } from "../data/space.ts";
import { Key } from "../random/key.ts";
import { normal } from "../random/normal.ts";
import { uniform } from "../random/uniform.ts";
import { jointTest } from "../stats/index.ts";
import { createSystem, simulateTemperatures } from "../systems/index.ts";
import { againstContext, type ContextCurve } from "./against-context.ts";
import { contextAxes } from "./context-bins.ts";
import { partRows } from "./rows.ts";

const rows = 1200;

/** Rows of one number with mean 3c and deviation 1, given c. */
function given(c: Float64Array, seed: number) {
  const x = normal(Key.fromSeed(seed), c.length, "f64").map((z, i) => 3 * (c[i] as number) + z);
  return ndarray("f32", [c.length, 1], Float32Array.from(x));
}

function datasetOf(c: Float64Array) {
  const context = ndarray("f32", [c.length, 1], Float32Array.from(c));
  return makeDataset({ arrays: { x: given(c, 1), context } }, "given.npz", { space: "real" });
}

const find = (curves: readonly ContextCurve[], name: string) => {
  const found = curves.find((curve) => curve.name === name);
  if (!found) throw new Error(`no curve ${name} among ${curves.map((curve) => curve.name).join(", ")}`);
  return found;
};

describe("a context with many values", () => {
  const c = uniform(Key.fromSeed(2), rows, "f64");
  const dataset = datasetOf(c);
  const [scored, all] = [partRows(dataset, "test"), partRows(dataset, "all")];
  const own = Float64Array.from(scored.context?.data ?? []);
  const logProb = Float64Array.from(own, (v) => -v);
  const curves = againstContext({ dataset, scored, all, samples: given(own, 3), logProb });

  it("is cut into bins that have every scored row once, in order", () => {
    const [axis] = contextAxes(real([1]), scored.context!, all.context!);
    const members = axis?.bins.flatMap((bin) => [...bin.scored]) ?? [];
    expect(members.sort((a, b) => a - b)).toEqual([...own.keys()]);
    const at = axis?.bins.map((bin) => bin.at) ?? [];
    expect(at).toEqual([...at].sort((a, b) => a - b));
    for (const { scored: which } of axis?.bins ?? []) expect(which.length).toBeGreaterThanOrEqual(20);
  });

  it("has data and model at the same contexts: both means follow the law within their errors", () => {
    const { points, distinct } = find(curves, "column0");
    expect(distinct).toBe(false);
    const deviations = points.flatMap(({ at, model, data }) =>
      [model, data!].map(({ value, error }) => (value - 3 * at) / error),
    );
    expect(jointTest(deviations).pValue).toBeGreaterThan(1e-3);
    // Paired, row by row: what the spread of contexts within a bin adds to both is no difference.
    for (const { model, data } of points) expect(Math.abs(model.value - data!.value)).toBeLessThan(1.2);
  });

  it("has the mean of −log P a bin", () => {
    for (const { at, model, data } of find(curves, "nll").points) {
      expect(model.value).toBeCloseTo(at, 6);
      expect(data).toBeUndefined();
    }
  });
});

describe("a context with few values", () => {
  const c = Float64Array.from({ length: rows }, (_, i) => (i % 5) / 10);
  const dataset = datasetOf(c);
  const [scored, all] = [partRows(dataset, "test"), partRows(dataset, "all")];

  it("has a bin a value, with all rows of the data", () => {
    const [axis] = contextAxes(real([1]), scored.context!, all.context!);
    expect(axis?.bins.map(({ at }) => at)).toEqual([0, 0.1, 0.2, 0.3, 0.4].map(Math.fround));
    for (const bin of axis?.bins ?? []) expect(bin.all?.length).toBe(rows / 5);
  });

  it("is named if it is a label, and a whole if it is one-hot; one value has no axis", () => {
    const labels = ndarray("f32", [6, 1], Float32Array.of(0, 2, 1, 2, 0, 1));
    expect(contextAxes(categorical([1], 3), labels, labels)[0]?.names).toEqual(["0", "1", "2"]);
    const hot = new Float32Array(6 * 4);
    [2, 0, 3, 3, 0, 2].forEach((state, row) => {
      hot[row * 4 + state] = 1;
    });
    const [axis] = contextAxes(real([4]), ndarray("f32", [6, 4], hot), ndarray("f32", [6, 4], hot));
    expect(axis?.names).toEqual(["0", "2", "3"]);
    expect(axis?.bins.map((bin) => [...bin.scored])).toEqual([
      [1, 4],
      [0, 5],
      [2, 3],
    ]);
    const same = ndarray("f32", [3, 1], Float32Array.of(1, 1, 1));
    expect(contextAxes(real([1]), same, same)).toEqual([]);
  });
});

describe("the temperature of a known system", () => {
  const betas = [0.2, 0.35, 0.5];
  const systems = betas.map((beta) => createSystem("ising", { shape: [3, 3], beta }));
  let curves: readonly ContextCurve[];
  beforeAll(async () => {
    const { dataset } = await simulateTemperatures(systems, {
      samples: 2400,
      seed: 5,
      threads: 1,
      name: "ising.npz",
    });
    const [scored, all] = [partRows(dataset, "test"), partRows(dataset, "all")];
    // The data themselves as a perfect model.
    const logProb = new Float64Array(scored.x.shape[0] as number);
    curves = againstContext({ dataset, scored, all, samples: scored.x, logProb });
  });

  it("brings exact values, which the data have within their errors", () => {
    const { points } = find(curves, "energy");
    expect(points.map(({ at }) => at)).toEqual(betas.map(Math.fround));
    points.forEach(({ exact }, i) => {
      expect(exact).toBeCloseTo((systems[i]?.exact?.energy as number) / 9, 12);
    });
    const deviations = points.map(({ data, exact }) => (data!.value - exact!) / data!.error);
    expect(jointTest(deviations).pValue).toBeGreaterThan(1e-3);
    const entropy = find(curves, "nll").points.map(({ exact }) => exact);
    expect(entropy).toEqual(systems.map((system) => system.exact!.entropy / 9));
  });
});
