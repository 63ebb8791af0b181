import { describe, expect, it } from "vitest";
import { type NDArray, ndarray } from "../../array.ts";
import { partRows } from "../../evaluate/rows.ts";
import { Key } from "../../random/key.ts";
import { stream } from "../../random/stream.ts";
import { rowMean } from "../../stats/row-mean.ts";
import { makeDataset } from "../dataset.ts";
import type { RowsRequest } from "./dataset-order.ts";

/** A walk of 12 bits, `flips` of which are drawn anew from each row to the next; `chains` of them side by side. */
function walk(rows: number, flips: number, chains = 1, seed = 1): NDArray {
  const next = stream(Key.fromSeed(seed));
  const x = ndarray("u8", [rows, 12]);
  const states = Array.from({ length: chains }, () => Uint8Array.from({ length: 12 }, () => next.below(2)));
  for (let r = 0; r < rows; r++) {
    const state = states[r % chains] as Uint8Array;
    for (let n = 0; n < flips; n++) state[next.below(12)] = next.below(2);
    x.data.set(state, r * 12);
  }
  return x;
}

const dataset = (arrays: Record<string, NDArray>, rows?: RowsRequest) =>
  makeDataset({ arrays }, "walk.npy", { ...(rows && { rows }) });

describe("rows that are a chain", () => {
  it("are split in blocks of time with a gap, and one line says so", () => {
    const { splits, chain, order } = dataset({ x: walk(4000, 3) });
    expect(order).toMatchObject({ rows: "chain", chains: 1 });
    expect(splits.by).toBe("chain");
    expect(splits.how).toMatch(
      /^80\/10\/10 blocks of one chain in time, \d+ rows left out at each cut, 1\d? τ$/,
    );
    expect(chain).toEqual(new Int32Array(4000));
    const [train, valid, test] = [splits.train, splits.valid, splits.test];
    const tau = order?.rows === "chain" ? order.tau : Number.NaN;
    expect((valid[0] as number) - (train.at(-1) as number)).toBeGreaterThan(10 * tau);
    expect((test[0] as number) - (valid.at(-1) as number)).toBeGreaterThan(10 * tau);
    expect(order).toMatchObject({
      note: expect.stringMatching(
        /^note: the rows of walk\.npy look like one Markov chain, τ = [\d.]+ rows: split in /,
      ),
    });
  });

  it("side by side are as many, dealt out whole where there are ten", () => {
    const few = dataset({ x: walk(6000, 3, 3) });
    expect([...(few.chain as Int32Array).subarray(0, 7)]).toEqual([0, 1, 2, 0, 1, 2, 0]);
    expect(few.splits.how).toContain("blocks of each of 3 chains in time");
    expect(dataset({ x: walk(12_000, 3, 12) }).splits.how).toBe("10/1/1 whole chains of 12");
  });

  it("have errors by autocorrelation, unknown where they are fewer than 50 τ", () => {
    const of = (x: NDArray) => {
      const data = dataset({ x });
      const { chain, spacing } = partRows(data, "all");
      const first = Float64Array.from({ length: x.shape[0] as number }, (_, r) => x.data[r * 12] as number);
      return { data, estimate: rowMean(first, chain, spacing), independent: rowMean(first) };
    };
    const long = of(walk(6000, 2));
    // One bit has τ = ½ (1 + φ)/(1 − φ) with φ = (11/12)².
    const phi = (11 / 12) ** 2;
    const wanted = Math.sqrt((1 + phi) / (1 - phi));
    expect(long.estimate.error / long.independent.error / wanted).toBeGreaterThan(0.8);
    expect(long.estimate.error / long.independent.error / wanted).toBeLessThan(1.3);
    const short = of(walk(150, 1));
    expect(short.data.order).toMatchObject({
      note: expect.stringContaining("too few to estimate errors"),
    });
    expect(short.estimate.error).toBeNaN();
  });

  it("in splits of their own stay there, and a missing valid is the end of train", () => {
    const given = dataset({ train: walk(3000, 3), valid: walk(400, 3, 1, 2), test: walk(1000, 3, 1, 3) });
    expect(given.splits).toMatchObject({ by: "given", how: "given: train, valid, test" });
    expect([...new Set(given.chain)]).toEqual([0, 1, 2]);
    expect(given.order).toMatchObject({ note: expect.stringContaining("split as given") });
    const { splits } = dataset({ train: walk(3000, 3), test: walk(1000, 3, 1, 3) });
    expect(splits.how).toBe("given: train, test; valid is the last tenth of train");
    expect([splits.valid[0], splits.valid.at(-1)]).toEqual([2700, 2999]);
    expect(splits.train.at(-1)).toBeLessThan(2690);
  });

  it("with contexts one after the other are cut within each", () => {
    const context = ndarray("f32", [4000, 1]);
    context.data.forEach((_, r) => {
      context.data[r] = Math.floor(r / 1000);
    });
    const { splits, chain } = dataset({ x: walk(4000, 3), context });
    expect([...new Set(chain)]).toEqual([0, 1, 2, 3]);
    for (const part of [splits.train, splits.valid, splits.test])
      expect(new Set(Array.from(part, (r) => Math.floor(r / 1000))).size).toBe(4);
  });
});

describe("who knows better", () => {
  it("says that rows are independent, or stored as they are", () => {
    const x = walk(4000, 3);
    for (const rows of ["independent", "stored"] as const) {
      const { splits, chain } = dataset({ x }, rows);
      expect([splits.by, chain]).toEqual(["random", undefined]);
    }
    const named = {
      x,
      chain: ndarray(
        "i32",
        [4000],
        Int32Array.from({ length: 4000 }, (_, r) => r % 20),
      ),
    };
    expect(dataset(named).splits.by).toBe("chain");
    expect(dataset(named, "independent").splits.by).toBe("random");
  });

  it("says that rows are chains, how many, and with which τ, and gets the same splits again", () => {
    const x = walk(4000, 12);
    expect(dataset({ x }, {}).order).toMatchObject({ rows: "chain", chains: 1 });
    expect(dataset({ x }, { chains: 4 }).splits.how).toContain("blocks of each of 4 chains");
    const found = dataset({ x: walk(4000, 3) });
    const { chains, tau } = found.order as { chains: number; tau: number };
    const again = dataset({ x: walk(4000, 3) }, { chains, tau });
    expect([again.splits, again.chain]).toEqual([found.splits, found.chain]);
    expect(() => dataset({ x }, { chains: 5000 })).toThrow(
      "walk.npy: has 4000 rows, too few for 5000 chains",
    );
    expect(() => dataset({ x }, { chains: 0.5 })).toThrow("chains: a whole number of at least 1, not 0.5");
  });
});

it("independent rows are split as they ever were, and nothing is said", () => {
  const next = stream(Key.fromSeed(2));
  const x = ndarray("u8", [2000, 8]);
  x.data.forEach((_, i) => {
    x.data[i] = next.below(2);
  });
  const { order, ...plain } = dataset({ x });
  expect(order).toBeUndefined();
  expect(plain).toEqual(dataset({ x }, "stored"));
});
