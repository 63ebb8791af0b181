import { describe, expect, it } from "vitest";
import type { TextReading } from "./format.ts";
import { readText } from "./text.ts";
import { parseTextOptions, textFlags } from "./text-options.ts";

const read = (text: string, options?: TextReading) => {
  const x = readText(new TextEncoder().encode(text), "x.csv", { maxBytes: 1e6 }, options);
  return [x.shape, [...(x.data as Float64Array)]];
};

describe("a table that says how it is written", () => {
  const pandas = "0,1,2\n-0.85,1499.8,-1.4e-06\n-0.6,998.4,1.5e-6\n";
  const cases: [text: string, options: TextReading, shape: number[], values: number[]][] = [
    [
      "a;b;c\n-0,85;14,8;-1,4e-6\n1;2;3\n",
      { delimiter: ";", decimal: "," },
      [2, 3],
      [-0.85, 14.8, -1.4e-6, 1, 2, 3],
    ],
    ["-0,85;14,8\n", { decimal: "," }, [1, 2], [-0.85, 14.8]],
    ["1,5 2,5 3,5\n", { decimal: "," }, [1, 3], [1.5, 2.5, 3.5]],
    ["1,05\n-0,5\n", { decimal: "," }, [2, 1], [1.05, -0.5]],
    ["1,05\n-0,5\n", { delimiter: "," }, [2, 2], [1, 5, 0, 5]],
    ['"a","b"\n"-0.5","1e3"\n" 7 ",8\n', {}, [2, 2], [-0.5, 1000, 7, 8]],
    ['"1,5";"2"\n', { decimal: "," }, [1, 2], [1.5, 2]],
    [pandas, {}, [2, 3], [-0.85, 1499.8, -1.4e-6, -0.6, 998.4, 1.5e-6]],
    ["0,1\n1,1\n0,0\n1,0\n", { header: true }, [3, 2], [1, 1, 0, 0, 1, 0]],
    ["0,1\n1,1\n", { header: false }, [2, 2], [0, 1, 1, 1]],
    ["0,1,1\n0,1,0\n", {}, [2, 3], [0, 1, 1, 0, 1, 0]],
    ["0101\n1100\n", {}, [2, 4], [0, 1, 0, 1, 1, 1, 0, 0]],
    ["# sites\n012\n 120 \n", { delimiter: "none" }, [2, 3], [0, 1, 2, 1, 2, 0]],
    ["0101\n1100\n", { delimiter: "space" }, [2, 1], [101, 1100]],
    ["a b\n1\t2\n", { delimiter: "space" }, [1, 2], [1, 2]],
    ["a b\tc\n1\t2\n", { delimiter: "tab" }, [1, 2], [1, 2]],
    ["mean of all sites\n1.5\n", {}, [1, 1], [1.5]],
    ["a,b,c\n1,2,3\n4,5,6.5\n", { columns: ["c", "a"] }, [2, 2], [3, 1, 6.5, 4]],
    ["1,2,3\n4,5,6\n", { columns: ["2", "0"] }, [2, 2], [3, 1, 6, 4]],
    ['day,name,v\n2020-01-01,"a, b",1\n2020-01-02,New York,300\n', { columns: ["v"] }, [2, 1], [1, 300]],
    ["v,note\n1,\n2,x\n", { columns: ["v"] }, [2, 1], [1, 2]],
    [",0,1\n0,5,6\n1,7,8\n", { columns: ["0", "1"] }, [2, 2], [5, 6, 7, 8]],
    ["01\n10\n", { delimiter: "none", columns: ["1"] }, [2, 1], [1, 0]],
  ];
  it.each(cases)("reads %j by %j", (text, options, shape, values) => {
    expect(read(text, options)).toEqual([shape, values]);
    expect(parseTextOptions({ ...options, columns: options.columns?.join(",") })).toEqual(options);
  });

  it("says that it took column numbers for a heading", () => {
    const notes: string[] = [];
    read(pandas, { note: (line) => notes.push(line) });
    expect(notes).toEqual(["x.csv: its first line, 0,1,2, is taken as a heading (--no-header: as a row)"]);
  });
});

describe("a first line of column numbers above states", () => {
  /** A table of `rows` rows, each a function of its place. */
  const table = (first: string, rows: number, row: (r: number) => string) =>
    `${first}\n${Array.from({ length: rows }, (_, r) => `${row(r)}\n`).join("")}`;
  const shapeOf = (text: string) => {
    const notes: string[] = [];
    return { shape: read(text, { note: (line) => notes.push(line) })[0], notes };
  };
  const bits = (r: number) => `${r & 1},${(r >> 1) & 1}`;

  it("is a row if many rows are the same, and says so", () => {
    expect(shapeOf(table("0,1", 100, bits))).toEqual({
      shape: [101, 2],
      notes: ["x.csv: its first line, 0,1, is taken as a row, as 25 others are (--header: as a heading)"],
    });
    const states = (r: number) => `${r % 6},${(r + 1) % 6},${(r + 2) % 6}`;
    expect(shapeOf(table("0,1,2", 120, states)).shape).toEqual([121, 3]);
  });

  it("is refused if no other row is the same, or too few to tell", () => {
    const refusal = "its first line is 0,1, a row or the column numbers that pandas writes";
    expect(() => read(table("0,1", 200, (r) => `${r & 1},0\n1,1`))).toThrow(refusal);
    expect(() => read(table("0,1", 99, bits))).toThrow(refusal);
  });

  it("is a heading if it has a value that the states after it never have", () => {
    const three = (r: number) => `${r & 1},${(r >> 1) & 1},${(r >> 2) & 1}`;
    expect(shapeOf(table("0,1,2", 40, three))).toEqual({
      shape: [40, 3],
      notes: ["x.csv: its first line, 0,1,2, is taken as a heading (--no-header: as a row)"],
    });
    const spins = (r: number) => `${1 - 2 * (r & 1)},${1 - (r & 2)}`;
    expect(shapeOf(table("0,1", 40, spins)).shape).toEqual([40, 2]);
    // Whole numbers that hardly repeat may have any value once.
    expect(() => read(table("0,1,2", 40, (r) => `${3 * r + 3},${3 * r + 4},${3 * r + 5}`))).toThrow(
      "--no-header or --header",
    );
  });
});

describe("a table that can be read in two ways, or in none", () => {
  const cases: [text: string, options: TextReading, message: string][] = [
    [
      "a;b\n-0,85;14,8\n",
      {},
      'x.csv: row 0 (line 2): both "," and ";" separate entries; for decimal commas give --delimiter ";" --decimal ","',
    ],
    [
      "1,5 2,5\n",
      {},
      'both "," and blanks separate entries; for decimal commas give --delimiter space --decimal ","',
    ],
    ["1,2\n1;2\n", {}, 'row 1 (line 2): both "," and ";"'],
    ["1,05\n-0,5\n", {}, 'for decimal commas give --decimal ",", else --delimiter ","'],
    ['"1,5","2,5"\n', {}, 'column 0 is "1,5", not a number (for decimal commas give --decimal ",")'],
    ["1.234,5\n", { decimal: "," }, 'column 0 is "1.234,5", not a number'],
    ["x,y\n1,2,3\n", {}, "x.csv: row 0 (line 2) has 3 columns, the heading has 2 names (x, y)"],
    ["w,x,y,z\n1,2,3\n", {}, "has 3 columns, the heading has 4 names"],
    ["a\n1,2\n", {}, "has 2 columns, the heading has 1 names"],
    ["a,b\n1\n", {}, "has 1 columns, the heading has 2 names"],
    [
      ",a,b\n0,1,2\n",
      {},
      "column 0 has no name in the heading: row numbers, as pandas writes them? choose the columns to read by --columns a,b",
    ],
    [",0,1\n0,5,6\n", {}, "column 0 has no name in the heading"],
    [
      "0,1\n1,1\n0,0\n",
      {},
      "its first line is 0,1, a row or the column numbers that pandas writes: give --no-header or --header",
    ],
    ["0,1,2\n2,1,0\n", {}, "give --no-header or --header"],
    ["0\n0.5\n0.25\n", {}, "give --no-header or --header"],
    [
      "NA,NA\n1,2\n",
      {},
      'x.csv: row 0 (line 1) holds no number, only "NA": give --header if it names columns, or --no-header if it is a row',
    ],
    ["?\n1\n", {}, "give --header if it names columns"],
    ["NA,NA\n1,2\n", { header: false }, 'row 0 (line 1), column 0 is "NA", not a number'],
    ["1\t\t3\n\t2\t3\n", {}, "row 0 (line 1), column 1 is empty between tabs"],
    ["1\t2\n\t2\n", {}, "row 1 (line 2), column 0 is empty between tabs"],
    ["1\t\t3\n", { delimiter: "tab" }, "row 0 (line 1), column 1 is empty"],
    ["1 2;3\n", { delimiter: ";" }, 'blanks stand between column 0 and the next; the separator is ";"'],
    ["1,2\n", { delimiter: ";" }, 'column 0 is "1,2", not a number'],
    ["10\n11\n", {}, "give --delimiter space or --delimiter none"],
    ["012\n120\n", {}, "give --delimiter space or --delimiter none"],
    ["01\n1\n", { delimiter: "none" }, "row 1 (line 2) has 1 columns; the rows before it have 2"],
    ["0x\n", { delimiter: "none", header: false }, 'row 0 (line 1), column 1 is "x", not a digit'],
    ['"1,2\n', {}, "column 0: its quote does not end"],
    ['"1"2,3\n', { header: false }, "column 0 is"],
    ["a,b\n1,2\n", { columns: ["c"] }, "--columns c: there is no such column; there are a, b"],
    [
      "1,2\n",
      { columns: ["a"] },
      "--columns a: there is no such column; without a heading columns have numbers from 0",
    ],
    ["1,2\n", { columns: ["2"] }, "has 2 columns; --columns asks for column 2"],
    ["a,b\n1,2\n", { columns: ["a", "0"] }, "--columns chooses column 0 twice"],
    ["a,a\n1,2\n", { columns: ["a"] }, "several columns have this name"],
  ];
  it.each(cases)("refuses %j by %j", (text, options, message) => {
    expect(() => read(text, options)).toThrow(message);
  });
});

it("writes options as flags, and refuses what is none", () => {
  expect(textFlags({ delimiter: ";", decimal: ",", header: false, columns: ["a", "2"] })).toBe(
    '--delimiter ";" --decimal "," --no-header --columns a,2',
  );
  expect(parseTextOptions({ delimiter: "\\t" })).toEqual({ delimiter: "tab" });
  expect(() => parseTextOptions({ delimiter: "|" })).toThrow("--delimiter is one of");
  expect(() => parseTextOptions({ decimal: "'" })).toThrow('--decimal is "." or ","');
  expect(() => parseTextOptions({ decimal: ",", delimiter: "," })).toThrow("a comma cannot be both");
  expect(() => parseTextOptions({ columns: "a,,b" })).toThrow("--columns takes names or numbers");
});
