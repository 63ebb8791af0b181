import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arrayFrom } from "../array.ts";
import { decode, encode, inferEncoding } from "./encoding.ts";
import { binary, categorical, circle, levels, real } from "./space.ts";
import { numbers } from "./values.ts";

const infer = (values: number[], dtype: "f64" | "i64" | "i32" = "f64") =>
  inferEncoding(arrayFrom(dtype, [values.length / 2, 2], values), "x.npy");

describe("inferEncoding", () => {
  it("tells bits from spins", () => {
    for (const dtype of ["f64", "i64", "i32"] as const) {
      expect(infer([1, 0, 0, 1], dtype)).toBe("01");
      expect(infer([1, -1, -1, 1], dtype)).toBe("pm1");
    }
    expect(infer([1, 1])).toBeUndefined();
  });

  const unspoken = "without a space data must be 0s and 1s, or spins of -1 and +1";
  it.each([
    [[0, 1, 1, 2], `x.npy: row 1, column 1 has the value 2; ${unspoken} (use --space categorical:3)`],
    [[0, 1, 0.5, 2], `x.npy: row 1, column 0 has the value 0.5; ${unspoken} (use --space real)`],
    [
      [1, -1, 1, 0],
      "x.npy: row 1, column 1 has the value 0; the other values are -1s and 1s (use --space real, or shift",
    ],
    [
      [1, 0, 1, -1],
      "x.npy: row 1, column 1 has the value -1; the other values are 0s and 1s (use --space real, or shift",
    ],
    [
      [-1, 0, 0, 1],
      "x.npy: row 0, column 0 has the value -1; the other values are 0s and 1s (use --space real, or shift",
    ],
    [[0, 1, 1, Number.NaN], "x.npy: row 1, column 1 is NaN; every value must be a finite number"],
  ])("names another value: %j", (values, message) => {
    expect(() => infer(values)).toThrow(message);
  });
});

describe("encode", () => {
  it("undoes decode: spins come out as they came in", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(-1, 1), { minLength: 1 }), (spins) => {
        const raw = arrayFrom("i32", [spins.length, 1], spins);
        const x = encode(raw, binary([1]), "pm1", "x");
        expect([...numbers(x)]).toEqual(spins.map((s) => (s === 1 ? 1 : 0))); // 0 is down, 1 is up
        expect(x.dtype).toBe("u8");
        expect(decode(x, "pm1")).toEqual(raw);
        expect(decode(x, "01")).toBe(x);
      }),
    );
  });

  it("takes every element type, reshapes rows, and shares bytes that need no change", () => {
    for (const dtype of ["u8", "bool", "i32", "i64", "u32", "f32", "f64"] as const) {
      const raw = arrayFrom(dtype, [2, 4], [0, 1, 1, 0, 1, 1, 0, 0]);
      const x = encode(raw, binary([2, 2]), "01", "x");
      expect([x.dtype, x.shape, [...numbers(x)]]).toEqual(["u8", [2, 2, 2], [0, 1, 1, 0, 1, 1, 0, 0]]);
      expect(x.data === raw.data).toBe(dtype === "u8" || dtype === "bool");
    }
  });

  it("wraps angles into [-pi, pi) and leaves their cosine and sine", () => {
    const angles = [0, Math.PI / 2, Math.PI, 1.5 * Math.PI, 2 * Math.PI, -Math.PI, -1.5 * Math.PI];
    const x = encode(arrayFrom("f64", [7, 1], angles), circle([1]), "plain", "x");
    numbers(x).forEach((v: number, i: number) => {
      expect(Math.abs(v)).toBeLessThanOrEqual(Math.fround(Math.PI));
      expect(Math.cos(v)).toBeCloseTo(Math.cos(angles[i] as number), 6);
      expect(Math.sin(v)).toBeCloseTo(Math.sin(angles[i] as number), 6);
    });
    expect(() => encode(arrayFrom("f64", [1, 1], [270]), circle([1]), "plain", "x")).toThrow(
      "x: row 0, column 0 has the value 270; angles are radians",
    );
  });

  it.each([
    [binary([2]), "pm1", [1, -1, 1, 0], "x: row 1, column 1 has the value 0; spins are -1 or +1"],
    [
      binary([2]),
      "01",
      [1, 0, 1, 2],
      "x: row 1, column 1 has the value 2; a binary space holds 0 or 1 (use --space categorical:3)",
    ],
    [
      categorical([2], 300),
      "plain",
      [1, 299, 1, 300],
      "x: row 1, column 1 has the value 300; a categorical:300 space",
    ],
    [
      real([2]),
      "plain",
      [1, 0, 1, 1e38],
      "x: row 1, column 1 has the value 1e+38; a real space holds numbers up to 1e17 in size",
    ],
    [real([2]), "plain", [1, Number.NaN, 1, 0], "x: row 0, column 1 is NaN"],
    [binary([3]), "01", [1, 0, 1, 0], "x: a row has 2 values; binary on 3 sites needs 3"],
    [
      levels([2], 4),
      "levels",
      [1, 0, 6, 3],
      "x: row 1, column 0 has the value 6; grey levels are integers 0 to 3 (use --space levels:7)",
    ],
  ] as const)("names what %o does not hold", (space, encoding, values, message) => {
    expect(() => encode(arrayFrom("f64", [2, 2], values), space, encoding, "x")).toThrow(message);
  });

  it("names no other space where this one is a model's", () => {
    const two = arrayFrom("f64", [1, 2], [1, 2]);
    expect(() => encode(two, binary([2]), "01", "x", true)).toThrow(/a binary space holds 0 or 1$/);
  });
});
