import { expect, test } from "vitest";
import { arrayFrom, type NDArray } from "../array.ts";
import { Key } from "../random/key.ts";
import { chiSquaredTest } from "../stats/index.ts";
import { makeDataset } from "./dataset.ts";
import { decode } from "./encoding.ts";
import { fileOf } from "./file.ts";
import { addLevelNoise, belowLevels } from "./levels.ts";
import { describe as inWords, levels, parseSpace, spaceName } from "./space.ts";

test.each([2, 256, 65_536])("noise keeps each of %d levels, and is uniform between them", (count) => {
  const values = Float32Array.from({ length: 20_000 }, (_, i) => (i % 7 === 0 ? count - 1 : i % count));
  const noisy = values.slice();
  addLevelNoise(noisy, count, Key.fromSeed(1));
  const cells = new Float64Array(16);
  noisy.forEach((v, i) => {
    expect(Math.floor(v)).toBe(values[i]);
    expect(v).toBeGreaterThan(values[i] as number);
    (cells[Math.floor(16 * (v - Math.floor(v)))] as number)++;
  });
  expect(chiSquaredTest(cells, new Float64Array(16).fill(1250)).pValue).toBeGreaterThan(1e-3);
  // Renewed, other noise of the same levels.
  const again = noisy.slice();
  addLevelNoise(again, count, Key.fromSeed(2));
  expect(again.map(Math.floor)).toEqual(values);
  expect(again).not.toEqual(noisy);
  expect(Math.floor(Math.fround(belowLevels(count)))).toBe(count - 1);
});

test("files of levels hold integers, datasets real numbers, the same ones whatever the seed", () => {
  const raw = arrayFrom(
    "u8",
    [30, 2, 2],
    Array.from({ length: 120 }, (_, i) => (i * 37) % 256),
  );
  const load = (seed: number) =>
    makeDataset({ arrays: { x: raw } }, "grey.npy", { space: "levels:256", seed });
  const dataset = load(1);
  expect(dataset.space).toEqual(levels([2, 2], 256));
  expect(dataset).toMatchObject({ encoding: "levels", x: { dtype: "f32" } });
  expect(load(2).x).toEqual(dataset.x);
  expect([...decode(dataset.x, "levels").data]).toEqual([...raw.data]);
  const file = fileOf(dataset);
  expect([...((file.arrays.x as NDArray).data as Int32Array)]).toEqual([...raw.data]);
  // Read back, its meta says what it is.
  expect(makeDataset(file, "again.npz").x).toEqual(dataset.x);
  expect(spaceName(parseSpace("levels:256", [2, 2]))).toBe("levels:256");
  expect(inWords(dataset.space)).toBe("grey levels 0 to 255 on 2×2 sites");
});

test("says which value is no level", () => {
  const load = (values: number[], count: number) =>
    makeDataset({ arrays: { x: arrayFrom("f32", [2, 2], values) } }, "grey.csv", {
      space: `levels:${count}`,
    });
  expect(() => load([0, 1, 2, 0.5], 3)).toThrow(
    "grey.csv: row 1, column 1 has the value 0.5; grey levels are integers 0 to 2",
  );
  expect(() => load([0, 1, 2, 3], 3)).toThrow("has the value 3; grey levels are integers 0 to 2");
  expect(() => load([0, 1, 2, -1], 3)).toThrow("has the value -1");
  expect(() => load([0, 1, 2, 3], 1)).toThrow("there are 2 to 65536 grey levels, not 1");
});
