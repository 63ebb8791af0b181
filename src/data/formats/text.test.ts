import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ndarray } from "../../array.ts";
import { readText, writeText } from "./text.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string, maxBytes = 1e6) => readText(bytes(text), "x.csv", { maxBytes });
const table = (text: string) => {
  const x = read(text);
  return [x.dtype, x.shape, [...(x.data as Float64Array)]];
};

describe("readText", () => {
  const expected = ["u8", [2, 3], [0, 1, 1, 1, 0, 1]];
  it.each([
    "0,1,1\n1,0,1\n",
    "0,1,1\r\n1,0,1",
    "0 1 1 \n1 0 1 \n",
    "0\t1\t1\n1\t0\t1\n\n\n",
    "  0 , 1,1\n\n1,0,1",
    "0;1;1\n1;0;1",
    "a,b,c\n0,1,1\n1,0,1\n",
    "# spins\n0 1 1 # first\n1 0 1\n",
    "\ufeff0.0,1.0,1e0\n+1,-0,1.\n",
  ])("reads tables however they are separated (%#)", (text) => {
    expect(table(text)).toEqual(expected);
  });

  it("reads other numbers as doubles, correctly rounded", () => {
    expect(table("1 256\n-1 0.1\n1e-3 .5\n")).toEqual(["f64", [3, 2], [1, 256, -1, 0.1, 1e-3, 0.5]]);
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1 }), (values) => {
        const texts = values.map((v) =>
          v === Number.POSITIVE_INFINITY ? "inf" : v === Number.NEGATIVE_INFINITY ? "-inf" : `${v}`,
        );
        expect(Array.from(read(texts.join(",")).data as Float64Array)).toEqual(values.map((v) => v + 0 || 0));
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.nat(12), (n, places) => {
        const text = (n / 10 ** places).toFixed(places);
        expect((read(`${text} 0.5`).data as Float64Array)[0]).toBe(Number(text) + 0 || 0);
      }),
    );
  });

  it("reads NaN as NaN, for the space to refuse with its place", () => {
    expect(table("1,nan\nNaN,-inf")).toEqual([
      "f64",
      [2, 2],
      [1, Number.NaN, Number.NaN, Number.NEGATIVE_INFINITY],
    ]);
  });

  it.each([
    ["", "x.csv: the file is empty"],
    ["\n\n# nothing\n", "x.csv: holds no rows of numbers"],
    ["0,1,1\n1,0,1\n\n0,1\n", "x.csv: row 2 (line 4) has 2 columns; the rows before it have 3"],
    ["0,1,1\n1,x,1\n", 'x.csv: row 1 (line 2), column 1 is "x", not a number'],
    ["a,b\n0,1\n1,O\n", 'x.csv: row 1 (line 3), column 1 is "O", not a number'],
    ["a,b\nc,d\n", 'x.csv: row 0 (line 2), column 0 is "c", not a number'],
    ["0,1,x\n", 'x.csv: row 0 (line 1), column 2 is "x", not a number'],
    ["0,,1\n", "x.csv: row 0 (line 1), column 1 is empty"],
    ["0,1\n1,\n", "x.csv: row 1 (line 2) ends in a separator; column 1 is empty"],
    ["0x10,1\n", 'x.csv: row 0 (line 1), column 0 is "0x10", not a number'],
    ["1.2.3,1\n", 'column 0 is "1.2.3", not a number'],
    ["1 \u0000\n", 'column 1 is "\\u0000", not a number'],
  ])("names the row, line and column of %j", (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it("refuses files over the limit", () => {
    expect(() => read("0,1,1\n", 5)).toThrow("x.csv: needs 6 bytes of memory, more than the 5 bytes allowed");
    expect(() => read("0.5 0.5 0.5\n", 20)).toThrow("more than the 20 bytes allowed");
  });

  it("reads 10 MB of bits without dawdling", () => {
    const text = bytes("0,1,1,0,1,0,0,1,1,0\n".repeat(500_000));
    const start = performance.now();
    expect(readText(text, "x.csv").shape).toEqual([500_000, 10]);
    expect(performance.now() - start).toBeLessThan(5000); // some 60 ms on an idle core
  });
});

it("writes single precision with the fewest digits that read back", () => {
  const text = (values: readonly number[]) =>
    new TextDecoder().decode(writeText(ndarray("f32", [1, values.length], Float32Array.from(values)), ","));
  expect(text([0.3, -1.5, 0.1234567, 1e-7, 16_777_216, 3.4e38])).toBe(
    "0.3,-1.5,0.1234567,1e-7,16777216,3.4e+38\n",
  );
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const short = text([value]).trim();
      expect(Math.fround(Number(short))).toBe(value + 0 || 0);
      // A decimal of fewer digits is another number.
      const digits = Number(short)
        .toExponential()
        .replace(/e.*|[-.]/g, "").length;
      if (digits > 1 && Math.abs(value) > 1.2e-38)
        expect(Math.fround(Number(value.toPrecision(digits - 1)))).not.toBe(value);
    }),
  );
});

it("writes what it reads", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer()), { minLength: 1 }),
      fc.constantFrom("," as const, " " as const),
      (rows, separator) => {
        const x = ndarray(
          "f64",
          [rows.length, 2],
          Float64Array.from([...rows.flat(), 0.5].slice(0, -1), (v) => v + 0 || 0),
        );
        const back = readText(writeText(x, separator), "x", undefined, { header: false });
        expect(back.shape).toEqual(x.shape);
        expect(Array.from(back.data as Float64Array)).toEqual([...x.data]);
      },
    ),
  );
});
