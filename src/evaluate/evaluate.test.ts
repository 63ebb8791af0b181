import { describe, expect, it } from "vitest";
import { arrayFrom, ndarray } from "../array.ts";
import { type Dataset, makeDataset } from "../data/dataset.ts";
import { metaVersion } from "../data/meta.ts";
import { binary, categorical } from "../data/space.ts";
import { numbers } from "../data/values.ts";
import { makeMade } from "../models/exact/made/made.ts";
import { FittedExact } from "../models/fitted/exact.ts";
import { Key, uniform } from "../random/index.ts";
import { allConfigurations, createSystem } from "../systems/index.ts";
import {
  type CompareOptions,
  compareObservables,
  defaultPart,
  partRows,
  rowMean,
  score,
  twoPoint,
} from "./index.ts";

const parameters = { shape: [2, 3], beta: 0.4, J: 1 };
const ising = createSystem("ising", parameters);
const space = binary([2, 3]);
const model = makeMade({ space }, { hidden: [7] });
const fitted = new FittedExact(model, model.init(Key.fromSeed(5)));

function dataset(rows: number): Dataset {
  const x = arrayFrom(
    "u8",
    [rows, 2, 3],
    Array.from({ length: rows * 6 }, (_, i) => ((i * 2654435761) >>> 9) & 1),
  );
  const meta = {
    version: metaVersion,
    space,
    encoding: "01",
    system: { name: "ising", parameters },
  } as const;
  // A multiplicative sequence is no order of a chain.
  return makeDataset({ arrays: { x }, meta }, "x.npz", { rows: "independent" });
}

describe("score", () => {
  it("is the mean of the rows' log-probabilities, with the paired divergence from the exact ones", async () => {
    const data = dataset(400);
    const result = await score(fitted, data, { rows: true });
    const { x } = partRows(data, "test");
    const rows = [...(await fitted.logProb(x))];
    const exact = ising.logProb(x) as Float64Array;
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    expect(defaultPart(data)).toBe("test");
    expect(result.rows).toEqual(rows);
    expect(result.count).toBe(data.splits.test.length);
    expect(result.logProb.value).toBeCloseTo(mean(rows), 12);
    expect(result.nllPerSite.value).toBeCloseTo(-mean(rows) / 6, 12);
    const differences = rows.map((p, i) => (exact[i] as number) - p);
    expect(result.kl?.value).toBeCloseTo(mean(differences), 12);
    const spread = Math.sqrt(mean(differences.map((d) => (d - mean(differences)) ** 2)) / (rows.length - 1));
    expect(result.kl?.error).toBeCloseTo(spread, 12);
    expect(result.klPerSite?.value).toBeCloseTo(mean(differences) / 6, 12);
    expect(result.entropy).toBeCloseTo(ising.exact?.entropy as number, 12);
  });

  it("estimates the divergence that enumeration gives, within its error", async () => {
    const x = allConfigurations([2, 3]);
    const p = (ising.logProb(x) as Float64Array).map(Math.exp);
    const q = await fitted.logProb(x);
    const exact = p.reduce((sum, pi, i) => sum + pi * (Math.log(pi) - (q[i] as number)), 0);
    const { x: drawn, chain } = await ising.simulate({ samples: 4000, key: Key.fromSeed(9) });
    const meta = {
      version: metaVersion,
      space,
      encoding: "01",
      system: { name: "ising", parameters },
    } as const;
    const data = makeDataset({ arrays: { x: drawn, chain: chain! }, meta }, "x.npz");
    const { kl, count } = await score(fitted, data, { part: "all" });
    expect(count).toBe(4000);
    const error = kl?.error as number;
    expect(error).toBeLessThan(0.05 * exact);
    // A fixed seed; beyond 4σ with probability 6e-5.
    expect(Math.abs((kl?.value as number) - exact)).toBeLessThan(4 * error);
  });

  it("says nothing of entropy without a system, and refuses an empty part", async () => {
    const { meta: _, ...plain } = dataset(100);
    expect(await score(fitted, plain)).not.toHaveProperty("kl");
    const train = { ...plain, splits: { ...plain.splits, test: new Uint32Array() } };
    expect((await score(fitted, train)).count).toBe(100);
    await expect(score(fitted, train, { part: "test" })).rejects.toThrow("x.npz: its test split is empty");
  });
});

describe("rows that share a parent", () => {
  // Each row twice: as much is known as from the rows alone.
  const once = dataset(200);
  const { x } = partRows(once, "all");
  const twice = ndarray("u8", [400, 2, 3], Uint8Array.from([...numbers(x), ...numbers(x)]));
  const parent = ndarray(
    "i32",
    [400],
    Int32Array.from({ length: 400 }, (_, row) => row % 200),
  );
  const related = makeDataset(
    { arrays: { x: twice, parent }, ...(once.meta && { meta: once.meta }) },
    "x.npz",
  );

  it("have the errors of one row a parent in scores and observables", async () => {
    const [own, of] = [
      await score(fitted, related, { part: "all" }),
      await score(fitted, once, { part: "all" }),
    ];
    const errors = ({ nll, kl }: typeof own) => [nll.error, kl!.error];
    errors(own).forEach((error, i) => {
      expect(error / errors(of)[i]!).toBeGreaterThan(0.99);
      expect(error / errors(of)[i]!).toBeLessThan(1.03);
    });
    const compared = (data: Dataset) =>
      compareObservables({ samples: x, space, encoding: "01", data: partRows(data, "all") });
    compared(related).forEach(({ reference }, i) => {
      const single = compared(once)[i]!.reference!;
      expect(reference!.value).toBeCloseTo(single.value, 10);
      expect(reference!.error! / single.error!).toBeGreaterThan(0.95);
      expect(reference!.error! / single.error!).toBeLessThan(1.1);
    });
  });
});

describe("rowMean", () => {
  it("allows for autocorrelation where chains are given", () => {
    const random = uniform(Key.fromSeed(4), 400, "f64");
    const repeated = Float64Array.from({ length: 4000 }, (_, i) => random[Math.floor(i / 10)] as number);
    const independent = rowMean(repeated);
    const chained = rowMean(repeated, new Int32Array(4000));
    // Each value ten times: τ = 5, so the error grows by √10.
    expect(chained.error / independent.error).toBeGreaterThan(2.2);
    expect(chained.value).toBeCloseTo(independent.value, 12);
  });
});

describe("observables", () => {
  it("stand beside the exact energy and the data's magnetisation", async () => {
    const { x } = await ising.simulate({ samples: 3000, key: Key.fromSeed(1) });
    const data = partRows(dataset(300), "all");
    const [energy, m, absolute] = compareObservables({ samples: x, system: ising, data });
    expect(energy?.reference).toEqual({ value: (ising.exact?.energy as number) / 6, source: "exact" });
    // These samples are the system's own: a fixed seed, beyond 4σ with probability 6e-5.
    expect(Math.abs(energy?.deviation?.sigmas as number)).toBeLessThan(4);
    expect([m?.name, absolute?.name]).toEqual(["magnetisation", "absMagnetisation"]);
    expect(m?.reference).toEqual({ value: 0, source: "exact" });
    expect(absolute?.reference?.source).toBe("Monte Carlo");
  });

  it("are those of the space where no system is known", () => {
    const samples = arrayFrom("u8", [2, 4], [0, 1, 1, 1, 0, 0, 1, 0]);
    const observed = (options: Omit<CompareOptions, "samples">) =>
      compareObservables({ samples, ...options }).flatMap(({ name, values }) =>
        values ? [[name, [...values.model]]] : [],
      );
    const bits = binary([4]);
    expect(observed({})).toEqual([["mean", [0.75, 0.25]]]);
    expect(observed({ space: bits, encoding: "01" })).toEqual([["ones", [0.75, 0.25]]]);
    expect(observed({ space: bits, encoding: "pm1" })).toEqual([
      ["magnetisation", [0.5, -0.5]],
      ["absMagnetisation", [0.5, 0.5]],
    ]);
    expect(observed({ space: categorical([4], 3) })).toEqual([
      ["state0", [0.25, 0.75]],
      ["state1", [0.75, 0.25]],
      ["state2", [0, 0]],
    ]);
    expect(observed({ space: categorical([4], 256) })).toEqual([]);
  });

  it("correlate as the ordered lattice does", () => {
    const up = arrayFrom("u8", [3, 2, 3], new Array(18).fill(1));
    expect(twoPoint(ising, { x: up })?.map(({ r, value }) => [r, value])).toEqual([
      [0, 1],
      [1, 1],
    ]);
  });
});
