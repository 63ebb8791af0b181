import { expect, test } from "vitest";
import { ndarray } from "../array.ts";
import { makeDataset } from "./dataset.ts";
import { fileOf } from "./file.ts";
import { readNpz, writeNpz } from "./formats/npz.ts";

const rows = 60;
const x = ndarray(
  "f32",
  [rows, 2],
  Float32Array.from({ length: 2 * rows }, (_, i) => Math.sin(i * i)),
);
const parentOf = (of: (row: number) => number) =>
  ndarray(
    "i32",
    [rows],
    Int32Array.from({ length: rows }, (_, r) => of(r)),
  );

test("rows of one parent stay in one part, and parents survive a file", () => {
  const made = makeDataset({ arrays: { x, parent: parentOf((r) => Math.floor(r / 4)) } }, "crops.npz", {
    space: "real",
  });
  expect(made.splits).toMatchObject({ by: "parent", how: "80/10/10 by whole parents, 15 of them" });
  expect(made.order).toBeUndefined();
  const { train, valid, test: held } = made.splits;
  const parents = [train, valid, held].map((part) => new Set([...part].map((row) => made.parent?.[row])));
  expect(parents.map((set) => set.size)).toEqual([13, 1, 1]);
  expect(new Set(parents.flatMap((set) => [...set])).size).toBe(15);
  const back = makeDataset(readNpz(writeNpz(fileOf(made)), "crops.npz"), "crops.npz");
  expect(back.parent).toEqual(made.parent);
  expect(back.splits).toEqual(made.splits);
});

test("each row its own parent is split as rows without parents are", () => {
  const own = makeDataset({ arrays: { x, parent: parentOf((r) => r) } }, "maps.npz", { space: "real" });
  const none = makeDataset({ arrays: { x } }, "maps.npz", { space: "real", rows: "independent" });
  expect(own.splits).toEqual(none.splits);
});

test("too few parents for three parts are named, and a wrong number of entries is refused", () => {
  const few = makeDataset({ arrays: { x, parent: parentOf((r) => r % 3) } }, "three.npz", { space: "real" });
  expect(few.splits.how).toBe("80/10/10 at random: rows of the same 3 parents are in all parts");
  const wrong = ndarray("i32", [3]);
  expect(() => makeDataset({ arrays: { x, parent: wrong } }, "wrong.npz", { space: "real" })).toThrow(
    "wrong.npz: parent has shape [3]; give one entry for each of the 60 rows",
  );
});
