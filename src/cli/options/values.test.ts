import { expect, test } from "vitest";
import { parse } from "yaml";
import { parseValue } from "./values.ts";

const texts = [
  ...[
    "0",
    "1",
    "-3",
    "+4",
    "007",
    "1e-3",
    "1E5",
    "0.5",
    ".5",
    "5.",
    "-2.5e+3",
    "12345678901234567890",
    "1_000",
  ],
  ...["true", "false", "null", "True", "NULL", "~", "yes", "no", "nan", ".nan", ".inf", "0x10", "0o7"],
  ...[
    "made",
    "natural",
    "anyOrder",
    "a-b",
    "a_b",
    "2D",
    "8x8",
    "[1, 2]",
    "{ a: 1 }",
    '"1"',
    "'x'",
    "a: b",
    "",
    "# x",
  ],
];

test.each(texts)("%s is read as YAML reads it", (text) => {
  expect(parseValue(text, "--set")).toEqual(parse(text));
});
