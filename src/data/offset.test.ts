import { describe, expect, it } from "vitest";
import { arrayFrom } from "../array.ts";
import { normal, uniform } from "../random/index.ts";
import { Key } from "../random/key.ts";
import { makeDataset } from "./dataset.ts";
import { fileOf } from "./file.ts";
import { addOffsets, columnOffsets, subtractOffsets } from "./offset.ts";
import { real } from "./space.ts";

const rows = 500;
const day = uniform(Key.fromSeed(1), rows, "f64");
const flux = normal(Key.fromSeed(2), rows, "f64");
/** Julian dates of one day, an energy far below its spread of 0.01, and a flux. */
const raw = arrayFrom(
  "f64",
  [rows, 3],
  Array.from({ length: rows }, (_, i) => [
    2460000.5 + (day[i] as number),
    -76400 + 0.01 * (flux[(i + 7) % rows] as number),
    3 + (flux[i] as number),
  ]).flat(),
);
const made = () => makeDataset({ arrays: { x: raw } }, "x.npy", { space: "real" });

describe("columns with a large offset", () => {
  it("keep the digits of their spread in single precision", () => {
    const { x, offset } = made();
    expect(x.dtype).toBe("f32");
    expect(offset?.[2]).toBe(0);
    const back = addOffsets(x, offset as Float64Array).data;
    let worst = [0, 0, 0];
    back.forEach((v, i) => {
      worst = worst.map((w, c) => (c === i % 3 ? Math.max(w, Math.abs(v - (raw.data[i] as number))) : w));
    });
    // Half a step of single precision at the size of the spread; without an offset 0.125 and 0.004.
    expect(worst[0]).toBeLessThan(1e-7);
    expect(worst[1]).toBeLessThan(1e-8);
    expect(new Set((x.data as Float32Array).filter((_, i) => i % 3 === 0)).size).toBe(rows);
  });

  it("are written as they were read, and read again to the same rows", () => {
    const dataset = made();
    const again = makeDataset(fileOf(dataset), "x.npz");
    expect(again.x).toEqual(dataset.x);
    expect(again.offset).toEqual(dataset.offset);
  });

  it("are less what is asked for, such as nothing", () => {
    const none = makeDataset({ arrays: { x: raw } }, "x.npy", { space: real([3]), offset: [] });
    expect(none.offset).toBeUndefined();
    expect(none.x.data[0]).toBe(Math.fround(raw.data[0] as number));
    const asked = makeDataset({ arrays: { x: raw } }, "x.npy", { space: real([3]), offset: [2460000, 0, 1] });
    expect(asked.x.data[2]).toBe(Math.fround((raw.data[2] as number) - 1));
  });

  it("are refused where bounds or a context leave no room for an offset", () => {
    const dates = arrayFrom(
      "f64",
      [rows, 1],
      Array.from(day, (u) => 2460000.5 + u),
    );
    expect(() => makeDataset({ arrays: { x: dates } }, "x.npy", { space: "real:2460000..2460002" })).toThrow(
      "x.npy: column 0 has an offset so large that single precision loses its digits; leave out the bounds",
    );
    const x = arrayFrom("u8", [rows, 1], Array.from(day, Math.round));
    expect(() => makeDataset({ arrays: { x, context: dates } }, "x.npz")).toThrow(
      "x.npz (context): column 0",
    );
  });
});

it("leaves columns as they are that lose nothing", () => {
  const plain = arrayFrom("f64", [rows, 2], [...flux, ...day]);
  expect(columnOffsets([plain])).toBeUndefined();
  expect(columnOffsets([arrayFrom("f64", [3, 1], [1e6, 1e6, 1e6])])).toBeUndefined();
  expect(columnOffsets([arrayFrom("f32", [3, 1], [1e6, 1e6 + 1, 1e6])])).toBeUndefined();
  expect(columnOffsets([subtractOffsets(raw, columnOffsets([raw]) as Float64Array)])).toBeUndefined();
  const dataset = makeDataset({ arrays: { x: plain } }, "x.npy", { space: "real" });
  expect(dataset.offset).toBeUndefined();
  expect(dataset.x.data).toEqual(Float32Array.from(plain.data));
});
