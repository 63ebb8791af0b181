import { expect, test } from "vitest";
import { ndarray } from "../array.ts";
import { real } from "../data/space.ts";
import { constantColumns } from "./constant-columns.ts";
import { doubtfulColumns } from "./doubtful-columns.ts";

const rows = Uint32Array.from({ length: 8 }, (_, i) => i);
/** Eight rows of two columns: one never varies, the other has few values. */
const of = (first: number, second: (row: number) => number) =>
  ndarray(
    "f32",
    [8, 2],
    Float32Array.from({ length: 16 }, (_, i) => (i % 2 === 0 ? first : second(i >> 1))),
  );

test("columns that never vary are named, and pictures are told by their bytes", () => {
  const why = constantColumns(real([2]));
  const bytes = why(
    of(0, (row) => 30 * row),
    rows,
    ["edge", "middle"],
  );
  expect(bytes).toContain("column 0 (edge) is constant");
  expect(bytes).toContain("give --space levels:256");
  expect(
    why(
      of(0, (row) => row + 0.5),
      rows,
    ),
  ).not.toContain("levels");
  expect(
    why(
      of(0, (row) => row),
      rows,
    ),
  ).not.toContain("levels");
  expect(
    why(
      ndarray(
        "f32",
        [8, 2],
        Float32Array.from({ length: 16 }, (_, i) => i),
      ),
      rows,
    ),
  ).toBeUndefined();
});

test("bytes that repeat are offered all 256 levels, smaller whole numbers as many as they are", () => {
  const doubts = doubtfulColumns(real([2]));
  expect(
    doubts(
      of(7, (row) => (row % 2 === 0 ? 0 : 250)),
      rows,
    ).join(),
  ).toContain("--space levels:256");
  expect(
    doubts(
      of(7, (row) => row % 2),
      rows,
    ).join(),
  ).toContain("--space levels:8");
});
