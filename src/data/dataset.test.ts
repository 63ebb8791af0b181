import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arrayFrom, type NDArray, takeRows } from "../array.ts";
import { makeDataset, splitRows } from "./dataset.ts";
import { fileOf } from "./file.ts";
import { readNpz, writeNpz } from "./formats/npz.ts";
import type { DatasetMeta } from "./meta.ts";
import { binary } from "./space.ts";
import { range } from "./splits.ts";
import { numbers } from "./values.ts";

const bits = (rows: number, ...shape: number[]) =>
  arrayFrom(
    "f64",
    [rows, ...shape],
    Array.from({ length: rows * shape.reduce((a, b) => a * b, 1) }, (_, i) => ((i * 7) % 3) & 1),
  );
const spins = (rows: number, sites: number) =>
  arrayFrom(
    "i32",
    [rows, sites],
    [...numbers(bits(rows, sites))].map((v) => 2 * v - 1),
  );

describe("makeDataset", () => {
  it("finds bits, stores them as bytes and splits them by seed", () => {
    const dataset = makeDataset({ arrays: { x: bits(50, 2, 2) } }, "x.npy", { seed: 3 });
    expect(dataset.space).toEqual({ kind: "binary", shape: [2, 2] });
    expect([dataset.encoding, dataset.x.dtype, dataset.splits.by]).toEqual(["01", "u8", "random"]);
    expect(splitRows(dataset, "train").shape).toEqual([40, 2, 2]);
    expect(makeDataset({ arrays: { x: bits(50, 2, 2) } }, "x.npy", { seed: 3 })).toEqual(dataset);
  });

  it("finds spins in all the parts, even where one holds 1s alone", () => {
    const train = arrayFrom("f32", [2, 2], [1, 1, 1, 1]);
    const dataset = makeDataset({ arrays: { train, valid: train, test: spins(3, 2) } }, "x.npz");
    expect(dataset.encoding).toBe("pm1");
    expect(dataset.splits).toMatchObject({
      by: "given",
      train: range(0, 2),
      valid: range(2, 4),
      test: range(4, 7),
    });
    expect(() => makeDataset({ arrays: { train: spins(9, 2), test: bits(9, 2) } }, "x.npz")).toThrow(
      "x.npz (train): holds spins of -1 and +1, but x.npz (test) holds 0s and 1s; write both alike",
    );
  });

  it("takes a tenth of train where valid is missing", () => {
    const { splits } = makeDataset({ arrays: { train: bits(40, 3), test: bits(5, 3) } }, "x.npz");
    expect([splits.train.length, splits.valid.length, splits.test.length]).toEqual([36, 4, 5]);
    expect([...splits.train, ...splits.valid].sort((a, b) => a - b)).toEqual([...range(0, 40)]);
    expect(splits.how).toBe("given: train, test; valid is a tenth of train at random");
  });

  it("reshapes flat rows to the shape given", () => {
    expect(makeDataset({ arrays: { x: bits(4, 6) } }, "x", { shape: [2, 3] }).x.shape).toEqual([4, 2, 3]);
    expect(() => makeDataset({ arrays: { x: bits(4, 6) } }, "x", { shape: [2, 2] })).toThrow(
      "x: rows have 6 sites; the shape 2x2 has 4",
    );
  });

  it("splits by chain, given ids for rows or for blocks, or a meta that speaks of chains", () => {
    const x = bits(200, 2);
    const ids = arrayFrom("i64", [20], range(0, 20));
    const blocks = makeDataset({ arrays: { x, chain: ids } }, "x");
    expect(() => makeDataset({ arrays: { x, chain: ids } }, "x", { rows: { chains: 7 } })).toThrow(
      "x: already says which chain each row belongs to; leave the number of chains out",
    );
    expect(blocks.splits.how).toBe("16/2/2 whole chains of 20");
    expect(blocks.chain?.slice(0, 12)).toEqual(Int32Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1));
    const meta: DatasetMeta = {
      version: 1,
      space: { kind: "binary", shape: [2] },
      encoding: "01",
      chain: { tau: 4, thinning: 10 },
    };
    expect(makeDataset({ arrays: { x }, meta }, "x").splits.how).toBe(
      "80/10/10 blocks of one chain in time, 4 rows left out at each cut, 10 τ",
    );
    expect(() => makeDataset({ arrays: { x, chain: arrayFrom("i32", [3], [0, 1, 2]) } }, "x")).toThrow(
      "x: chain has shape [3]; give one entry for each of the 200 rows",
    );
  });

  it("believes the meta about space and encoding, unless told otherwise", () => {
    const x = arrayFrom("i32", [3, 2], [1, 1, 1, 1, 1, 1]);
    const meta: DatasetMeta = { version: 1, space: { kind: "binary", shape: [2, 1] }, encoding: "pm1" };
    const dataset = makeDataset({ arrays: { x }, meta }, "x");
    expect([dataset.encoding, dataset.x.shape]).toEqual(["pm1", [3, 2, 1]]);
    expect(makeDataset({ arrays: { x }, meta }, "x", { space: "categorical:2" }).space).toEqual({
      kind: "categorical",
      shape: [2, 1],
      states: 2,
    });
  });

  const nan = arrayFrom("f64", [3, 2], [0, 1, 1, 0, 0, Number.NaN]);
  it.each([
    [{ x: arrayFrom("u8", [4], [0, 1, 1, 0]) }, undefined, "x: has shape [4]; data is [rows, ...sites]"],
    [{ x: arrayFrom("u8", [0, 4], []) }, undefined, "x: has shape [0, 4], which holds no values"],
    [{ x: nan }, undefined, "x: row 2, column 1 is NaN"],
    [{ x: nan }, "real", "x: row 2, column 1 is NaN"],
    [
      { x: bits(3, 2), mask: bits(3, 3) },
      undefined,
      "x: the mask has shape [3, 3]; it needs one value for each of the 3 × 2 sites",
    ],
    [{ x: bits(3, 2), context: bits(4, 1) }, undefined, "x (context): has 4 rows for 3 rows of data"],
    [
      { x: bits(3, 2), context: nan },
      undefined,
      "x (context): row 2, column 1 is NaN, which f32 cannot hold",
    ],
    [
      { train: bits(3, 2), test: bits(3, 3) },
      undefined,
      "x (test): rows have 3 sites; those of x (train) have 2",
    ],
    [
      { train: bits(3, 2), valid: bits(3, 2), train_context: bits(3, 1) },
      undefined,
      "x: has contexts, but none called valid_context",
    ],
    [
      { x: arrayFrom("u8", [2, 2], [0, 1, 2, 1]) },
      "binary",
      "x: row 1, column 0 has the value 2; a binary space holds 0 or 1 (use --space categorical:3)",
    ],
  ] as [Record<string, NDArray>, string | undefined, string][])(
    "refuses %j as %s",
    (arrays, space, message) => {
      expect(() => makeDataset({ arrays }, "x", { space })).toThrow(message);
    },
  );

  it("carries context: integers as i32, others as f32", () => {
    const label = arrayFrom("i64", [3], [5, -1, 2]);
    const context = makeDataset({ arrays: { x: bits(3, 2), context: label } }, "x").context;
    expect(context).toEqual(arrayFrom("i32", [3], [5, -1, 2]));
    const beta = arrayFrom("f64", [2, 1], [0.5, 0.25]);
    const split = makeDataset(
      { arrays: { train: bits(2, 2), test: bits(2, 2), train_context: beta, test_context: beta } },
      "x",
    );
    expect(split.context).toEqual(arrayFrom("f32", [4, 1], [0.5, 0.25, 0.5, 0.25]));
  });
});

it("comes back from a file as it went in", () => {
  fc.assert(
    fc.property(fc.boolean(), fc.boolean(), fc.integer({ min: 10, max: 30 }), (given, pm1, rows) => {
      const data = (n: number) => (pm1 ? spins(n, 4) : bits(n, 4));
      const arrays = given
        ? { train: data(rows), valid: data(3), test: data(2) }
        : {
            x: data(rows),
            chain: arrayFrom("i32", [rows], range(0, rows)),
            context: arrayFrom("f32", [rows], range(0, rows)),
            mask: arrayFrom("bool", [rows, 2, 2], numbers(bits(rows, 4))),
          };
      const { meta, ...dataset } = makeDataset({ arrays }, "x", { shape: [2, 2] });
      const file = readNpz(writeNpz(fileOf(dataset)), "x");
      const { meta: written, ...back } = makeDataset(file, "x");
      expect(meta).toBeUndefined();
      expect(written).toEqual({ version: 1, space: dataset.space, encoding: dataset.encoding });
      expect(back).toEqual(dataset);
    }),
    { numRuns: 20 },
  );
});

it("takeRows copies rows of any element type", () => {
  const x = arrayFrom("i64", [3, 2], [0, 1, 2, 3, 4, 5]);
  expect(takeRows(x, Uint32Array.of(2, 0, 2))).toEqual(arrayFrom("i64", [3, 2], [4, 5, 0, 1, 4, 5]));
});

it("says when a split is empty", () => {
  const dataset = makeDataset({ arrays: { train: bits(20, 2) } }, "x.data");
  expect(() => splitRows(dataset, "test")).toThrow("x.data: its test split is empty");
});

it("takes completions of a row as rows, and writes them as such", () => {
  const meta = { version: 1, space: binary([3]), encoding: "01", completions: 2 } as const;
  const x = arrayFrom("u8", [10, 2, 3], new Uint8Array(60));
  const dataset = makeDataset({ arrays: { x }, meta }, "filled.npz");
  expect(dataset.x.shape).toEqual([20, 3]);
  const again = fileOf(dataset);
  expect([again.arrays.x?.shape, again.meta?.completions]).toEqual([[20, 3], undefined]);
  const three = { ...meta, completions: 3 };
  expect(() => makeDataset({ arrays: { x }, meta: three }, "filled.npz")).toThrow(
    "filled.npz: has shape [10, 2, 3]; by its meta.json each row has 3 completions",
  );
});
