import fc from "fast-check";
import { expect, it, describe as suite } from "vitest";
import { arrayFrom } from "../array.ts";
import { check } from "./check.ts";
import { packSequences, unpackSequences } from "./sequence.ts";
import {
  binary,
  categorical,
  circle,
  describe,
  parseShape,
  parseSpace,
  real,
  type Space,
  sameSpace,
  sequence,
  siteShape,
  sites,
  spaceName,
  storageOf,
} from "./space.ts";
import { spaceFromJson } from "./space-schema.ts";

const shape = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 });
const anySpace: fc.Arbitrary<Space> = fc.oneof(
  shape.map(binary),
  fc.tuple(shape, fc.integer({ min: 2, max: 1000 })).map(([s, k]) => categorical(s, k)),
  shape.map((s) => real(s)),
  fc.tuple(shape, fc.double({ min: -5, max: 0, noNaN: true })).map(([s, low]) => real(s, [low, 1])),
  shape.map(circle),
  fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 50 })).map(([k, n]) => sequence(k, n)),
);

it("survives JSON, and is named by the text that parseSpace reads", () => {
  fc.assert(
    fc.property(anySpace, (space) => {
      expect(spaceFromJson(JSON.parse(JSON.stringify(space)), "model.json")).toEqual(space);
      expect(parseSpace(spaceName(space), siteShape(space))).toEqual(space);
      expect(sameSpace(space, spaceFromJson({ ...space }, ""))).toBe(true);
      expect(sites(space)).toBe(siteShape(space).reduce((a, b) => a * b));
    }),
  );
});

it("stores states in bytes, many states in integers, numbers in single precision", () => {
  expect(
    [binary([4]), categorical([4], 256), categorical([4], 257), real([4]), circle([4])].map(storageOf),
  ).toEqual(["u8", "u8", "i32", "f32", "f32"]);
  expect([sequence(255, 3), sequence(256, 3)].map(storageOf)).toEqual(["u8", "i32"]); // and the end marker
});

it("describes itself in a phrase", () => {
  expect(describe(binary([8, 8]))).toBe("binary on 8×8 sites");
  expect(describe(categorical([64], 3))).toBe("categorical with 3 states on 64 sites");
  expect(describe(real([4], [0, 1]))).toBe("real in [0, 1] on 4 sites");
});

it("refuses what is not a space", () => {
  expect(() => parseSpace("ternary", [4])).toThrow('unknown space "ternary"; give binary, categorical:K');
  expect(() => parseSpace("categorical", [4])).toThrow('unknown space "categorical"');
  expect(() => parseSpace("categorical:1", [4])).toThrow("2 states or more, not 1");
  expect(() => parseSpace("real:1..0", [4])).toThrow("must increase");
  expect(() => parseSpace("real:a..b", [4])).toThrow("must increase, not [NaN, NaN]");
  expect(() => parseSpace("real:..1", [4])).toThrow('unknown space "real:..1"');
  expect(() => binary([0])).toThrow("positive integers, not [0]");
  expect(() => parseShape("8by8")).toThrow('"8by8" is not a shape; write it like 8x8');
  expect(parseShape("8x8")).toEqual([8, 8]);
  expect(() => spaceFromJson({ kind: "binary", shape: [1.5] }, "model.json")).toThrow(
    "model.json: not a space: shape.0",
  );
});

suite("check", () => {
  it("names the row and value, and suggests the space that would hold the data", () => {
    const x = arrayFrom(
      "u8",
      [20, 2],
      Array.from({ length: 40 }, (_, i) => (i === 35 ? 2 : i % 2)),
    );
    expect(() => check(binary([2]), x, "ising.npy")).toThrow(
      "ising.npy: row 17, column 1 has the value 2; a binary space holds 0 or 1 (use --space categorical:3)",
    );
    expect(() => check(categorical([2], 3), x, "ising.npy")).not.toThrow();
  });

  it.each([
    [
      categorical([2], 3),
      [0, 1, 5, 2],
      "x: row 1, column 0 has the value 5; a categorical:3 space holds integers 0 to 2 (use --space categorical:6)",
    ],
    [
      binary([2]),
      [0, 1, 0.5, 2],
      "x: row 1, column 0 has the value 0.5; a binary space holds 0 or 1 (use --space real)",
    ],
    [
      binary([2]),
      [0, 1, -1, 2],
      "(use --space real, or shift the values to 0..3 and use --space categorical:4)",
    ],
    [
      real([2], [0, 1]),
      [0, 1, 0.5, 2],
      "x: row 1, column 1 has the value 2; this real space is bounded by [0, 1]",
    ],
    [circle([2]), [0, 1, -3, 4], "x: row 1, column 1 has the value 4; angles are radians in [-pi, pi)"],
    [real([2]), [0, 1, 2, Number.NaN], "x: row 1, column 1 is NaN"],
    [real([2]), [0, Number.NEGATIVE_INFINITY, 2, 3], "x: row 0, column 1 is -infinity"],
    [real([1, 2]), [0, 1, 2, Number.NaN], "x: row 1, column 1 (site 0, 1) is NaN"],
    [real([4]), [0, 1, 2, 3, 5, 6, 7, 8], "x: shape [4, 2] is not [rows, 4], as real on 4 sites has"],
  ])("%o", (space, values, message) => {
    const rows = space.shape.length === 2 ? [2, 1, 2] : [values.length / 2, 2];
    expect(() => check(space, arrayFrom("f64", rows, values), "x")).toThrow(message);
  });
});

suite("sequences", () => {
  const space = sequence(4, 3);
  it("keep their lengths", () => {
    const symbol = fc.nat(3);
    fc.assert(
      fc.property(fc.array(fc.array(symbol, { maxLength: 3 })), (rows) => {
        const x = packSequences(rows, space);
        check(space, x, "x");
        expect(unpackSequences(x, space)).toEqual(rows);
      }),
    );
  });
  it("do not go on after their end", () => {
    expect(() => check(space, arrayFrom("u8", [2, 3], [0, 1, 2, 1, 4, 0]), "x")).toThrow(
      "x: row 1 continues with 0 after its end marker 4",
    );
    expect(() => packSequences([[0, 1, 2, 3]], space)).toThrow(
      "row 0 has 4 symbols; the longest allowed has 3",
    );
  });
});
