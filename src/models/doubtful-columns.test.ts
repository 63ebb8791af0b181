import { expect, it } from "vitest";
import { arrayFrom } from "../array.ts";
import { real } from "../data/space.ts";
import { range } from "../data/splits.ts";
import { Key } from "../random/key.ts";
import { normal } from "../random/normal.ts";
import { doubtfulColumns } from "./doubtful-columns.ts";

const ROWS = 500;
const noise = normal(Key.fromSeed(1), 3 * ROWS, "f64");

/** What is doubted of three columns of noise, changed by `change`. */
function doubts(change: (value: number, column: number, row: readonly number[]) => number): string[] {
  const values = Array.from({ length: ROWS }, (_, i) => {
    const row = [...noise.subarray(3 * i, 3 * i + 3)];
    return row.map((value, column) => change(value, column, row));
  }).flat();
  return doubtfulColumns(real([3]))(arrayFrom("f32", [ROWS, 3], values), range(0, ROWS));
}

it("columns of noise are beyond doubt", () => {
  expect(doubts((v) => v)).toEqual([]);
});

it("an offset beside which single precision rounds the spread is named, a smaller one is not", () => {
  expect(doubts((v, c) => (c === 1 ? v + 1e6 : v))).toEqual([
    expect.stringMatching(/^column 1: these numbers are so large that single precision/),
  ]);
  expect(doubts((v, c) => (c === 1 ? v + 1e4 : v))).toEqual([]);
});

it("whole numbers and equal columns are named", () => {
  expect(doubts((v, c) => (c === 2 ? Math.round(v) : v))).toEqual([
    expect.stringMatching(/^column 2: most values repeat.*leave these columns out/),
  ]);
  expect(doubts((v, c, row) => (c === 2 ? row[0]! : v))).toEqual([
    expect.stringMatching(/^columns 0 = 2: equal in all training rows/),
  ]);
});

it("rows of one sum are named, not those that only nearly have one", () => {
  expect(doubts((v, c, row) => (c === 2 ? -row[0]! - row[1]! : v))).toEqual([
    expect.stringMatching(/^all training rows have the same sum/),
  ]);
  expect(doubts((v, c, row) => (c === 2 ? -row[0]! - row[1]! + v / 100 : v))).toEqual([]);
});

it("whole numbers from 0 alone may be grey levels", () => {
  const levels = doubts((v) => Math.min(15, Math.floor(Math.abs(4 * v))));
  expect(levels).toEqual([
    expect.stringMatching(/^columns 0, 1, 2: most values repeat.*--space levels:\d+\) or as symbols/),
  ]);
});
