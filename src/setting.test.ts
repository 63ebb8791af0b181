import { describe, expect, it } from "vitest";
import * as z from "zod";
import { families } from "./models/registry.ts";
import { settingsOf } from "./setting.ts";
import { fitOptionsSchema } from "./train/options.ts";
import { solveOptionsSchema } from "./train/solve-options.ts";

const number = { kind: "number", whole: false, least: undefined, most: undefined };
const whole = { ...number, whole: true };
const ends = (value: number, inclusive: boolean) => ({ value, inclusive });

describe("what a setting takes", () => {
  it.each([
    ["a boolean", z.boolean(), { kind: "boolean" }],
    ["an enum", z.enum(["a", "b"]), { kind: "name", choices: ["a", "b"] }],
    ["a number", z.number(), number],
    ["a whole number, whose own limits are none of a setting", z.int(), whole],
    ["limits", z.int().min(1).max(9), { ...whole, least: ends(1, true), most: ends(9, true) }],
    ["open ends", z.number().gt(0).lt(1), { ...number, least: ends(0, false), most: ends(1, false) }],
    ["a refinement", z.int().refine((n) => n % 2 === 1), whole],
    ["a default inside", z.number().positive().default(1).readonly(), { ...number, least: ends(0, false) }],
    [
      "preparation",
      z.preprocess((text) => Number(text), z.number().min(2)),
      { ...number, least: ends(2, true) },
    ],
    [
      "a list, also from one entry",
      z
        .union([z.number(), z.array(z.number())])
        .transform((value) => [value].flat())
        .pipe(z.array(z.int().min(1)).min(1).max(16)),
      { kind: "list", of: { ...whole, least: ends(1, true) }, least: 1, most: 16 },
    ],
    [
      "a list of names",
      z.array(z.enum(["a"])).readonly(),
      { kind: "list", of: { kind: "name", choices: ["a"] }, least: undefined, most: undefined },
    ],
    ["null too", z.int().nullable(), { kind: "other" }],
    ["what a function makes", z.string().transform(Number), { kind: "other" }],
  ])("%s", (_, one, takes) => {
    expect(settingsOf(z.strictObject({ one })).get("one")?.takes).toEqual(takes);
  });
});

it("has description and default, in the order of the schema, and reads a schema once", () => {
  const schema = z.strictObject({ lr: z.number().default(0.1).describe("learning rate"), data: z.string() });
  const settings = settingsOf(schema);
  expect([...settings.keys()]).toEqual(["lr", "data"]);
  expect(settings.get("lr")).toEqual({ description: "learning rate", default: 0.1, takes: number });
  expect(settings.get("data")).toMatchObject({ description: "", default: undefined });
  expect(settingsOf(schema)).toBe(settings);
});

const schemas = [
  ...[...families.values()].map(({ name, schema }) => [name, schema] as const),
  ["fit", fitOptionsSchema] as const,
  ["solve", solveOptionsSchema] as const,
];

/** Settings with a value that stands apart from their numbers: null, or 0 among odd numbers. */
const mixed = ["magnetisation", "excitations", "embedding", "negatives", "first"];

it.each(schemas)("every setting of %s says what it is for and what it takes", (_, schema) => {
  const settings = [...settingsOf(schema)].map(([key, setting]) => ({ key, ...setting }));
  expect(settings.filter(({ description }) => description === "")).toEqual([]);
  expect(settings.filter(({ key, takes }) => takes.kind === "other" && !mixed.includes(key))).toEqual([]);
});

it.each(schemas)("the defaults of %s are those its schema fills in", (_, schema) => {
  const defaults = [...settingsOf(schema)].map(([key, setting]) => [key, setting.default]);
  expect(Object.fromEntries(defaults)).toEqual(schema.parse({}));
});
