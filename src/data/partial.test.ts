import { describe, expect, it } from "vitest";
import { arrayFrom } from "../array.ts";
import { encodePartial } from "./partial.ts";
import { binary } from "./space.ts";

const of = (encoding: "01" | "pm1") => ({ space: binary([2, 2]), encoding, name: "partial.npy" }) as const;
const nan = Number.NaN;

describe("encodePartial", () => {
  it("takes NaN for unknown, in the encoding of the data", () => {
    const raw = arrayFrom("f64", [2, 2, 2], [1, nan, -1, -1, nan, nan, 1, -1]);
    const { values, known } = encodePartial(raw, undefined, of("pm1"));
    expect([...known.data]).toEqual([1, 0, 1, 1, 0, 0, 1, 1]);
    const bits = [...values.data];
    expect([bits[0], bits[2], bits[3], bits[6], bits[7]]).toEqual([1, 0, 0, 1, 0]);
  });

  it("takes a mask of one row for all, whatever lies under its zeros", () => {
    const raw = arrayFrom("i32", [2, 4], [1, -1, 0, 7, 0, 1, 1, -1]);
    const { known } = encodePartial(raw, arrayFrom("bool", [2, 2], [1, 0, 1, 0]), of("01"));
    expect([...known.data]).toEqual([1, 0, 1, 0, 1, 0, 1, 0]);
  });

  it("refuses a transposed mask", () => {
    const raw = arrayFrom("f64", [3, 4], [1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1]);
    const mask = arrayFrom("bool", [4, 3], [1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1]);
    expect(() => encodePartial(raw, mask, of("01"))).toThrow(
      "the mask has shape [4, 3]; it needs one value for each of the 3 × 4 sites",
    );
  });

  it.each([
    [
      [1, 0, 2, nan],
      undefined,
      "partial.npy: row 0, column 2 (site 1, 0) has the value 2; a binary space holds 0 or 1",
    ],
    [[1, 0, 0, 1], undefined, "every site is known; there is nothing to fill"],
    [[1, 0, 0, nan], [1, 1, 0, 1], "row 0, column 3 (site 1, 1) is NaN, but the mask says that it is known"],
    [[1, 0, 0, 1], [1, 1, 0], "the mask has shape [3]; it needs one value for each of the 1 × 4 sites"],
    [[1, 0, 0, 1], [1, 1, 0, 2], "the mask holds 2; it is 1 (known) or 0 (unknown)"],
  ])("refuses %j under %j", (values, mask, message) => {
    const raw = arrayFrom("f64", [1, 2, 2], values);
    const array = mask && arrayFrom("i32", [mask.length], mask);
    expect(() => encodePartial(raw, array, of("01"))).toThrow(message);
  });
});
