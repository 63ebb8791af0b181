import { describe, expect, it } from "vitest";
import { arrayFrom, ndarray } from "../array.ts";
import { Key } from "../random/key.ts";
import { normal } from "../random/normal.ts";
import { importance, jackknife, mean } from "../stats/index.ts";
import { createSystem } from "../systems/registry.ts";
import { compareObservables } from "./observables.ts";
import { rowStatistic, weightedStatistic } from "./statistic.ts";

const field = createSystem("phi4", { shape: [4, 4], mass2: 1, lambda: 0 });
const binder = field.statistics!.binder!;
const rows = 4000;
const x = ndarray("f32", [rows, 4, 4], normal(Key.fromSeed(1), 16 * rows, "f32"));

describe("statistics of means", () => {
  it("have the jackknife's value and error", () => {
    const columns = binder.columns(x);
    const other = jackknife(columns, (some) => binder.of(some.map(mean)), { blocks: 1000 });
    const own = rowStatistic(binder, { x });
    expect(own.value).toBeCloseTo(other.value, 12);
    // The jackknife's own error of a thousand blocks is about 2 %.
    expect(own.error / other.error).toBeGreaterThan(0.92);
    expect(own.error / other.error).toBeLessThan(1.08);
    // The magnetisation of these rows is normal: 0, beyond 4σ with probability 6e-5.
    expect(Math.abs(own.value / own.error)).toBeLessThan(4);
  });

  it("allow for rows that repeat", () => {
    const repeated = ndarray(
      "f32",
      x.shape,
      x.data.map((_, i) => x.data[16 * Math.floor(i / 160) + (i % 16)]!),
    );
    const [independent, chained] = [
      rowStatistic(binder, { x: repeated }),
      rowStatistic(binder, { x: repeated, chain: new Int32Array(rows) }),
    ];
    // Each row ten times: the error grows by about √10.
    expect(chained.error / independent.error).toBeGreaterThan(2.2);
    expect(chained.error / independent.error).toBeLessThan(4.5);
  });

  it("take weights as repetitions", () => {
    const doubled = arrayFrom("f32", [6000, 4, 4], [...x.data, ...x.data.subarray(0, 16 * 2000)]);
    const weights = importance(Float64Array.from({ length: rows }, (_, i) => (i < 2000 ? Math.log(2) : 0)));
    const { value, error } = weightedStatistic(binder, x, weights);
    expect(value).toBeCloseTo(rowStatistic(binder, { x: doubled }).value, 10);
    const plain = rowStatistic(binder, { x }).error;
    // (Σw²/n)/(Σw/n)² = 10/9 were both halves alike.
    expect(error / plain).toBeGreaterThan(0.85);
    expect(error / plain).toBeLessThan(1.25);
    const alike = weightedStatistic(binder, x, importance(new Float64Array(rows).fill(-3)));
    expect(alike.error).toBeCloseTo(plain, 10);
  });

  it("stand beside exact values and data among observables", async () => {
    const data = await field.simulate({ samples: 3000, chains: 4, key: Key.fromSeed(3) });
    const compared = compareObservables({
      samples: data.x,
      system: field,
      data: { x: data.x, chain: data.chain!.data },
    });
    const found = compared.find(({ name }) => name === "binder");
    expect(found!.reference).toEqual({ value: 0, source: "exact" });
    expect(Math.abs(found!.deviation!.sigmas)).toBeLessThan(4);
    expect(found).not.toHaveProperty("values");
    expect(compared.find(({ name }) => name === "absMagnetisation")!.reference!.source).toBe("Monte Carlo");
  });
});
