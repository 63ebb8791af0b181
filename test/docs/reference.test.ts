import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import {
  type Documented,
  documentedExports,
  documentedMembers,
  entries,
  programOf,
  unnamedOptions,
} from "./exports.ts";
import { root } from "./pages.ts";

/** Types of the whole package and of its libraries take long to read on a busy machine. */
const patience = 120_000;

/** A sentence: two words or more and a full stop, or a list that a colon opens. */
const isSentence = ({ comment }: Documented) => /^\S+\s.*\S[.:]/s.test(comment);

const without = (found: readonly Documented[]) =>
  found.filter((one) => !isSentence(one)).map(({ name }) => name);

test("the reference is of every entry point of the package", () => {
  const { entryPoints } = JSON.parse(readFileSync(join(root, "typedoc.json"), "utf8"));
  expect(entryPoints).toEqual(entries.map(([, source]) => source));
  expect(entries.length).toBeGreaterThan(15);
});

/** All entry points, read once. */
let program: ReturnType<typeof programOf>;
beforeAll(() => {
  program = programOf(entries.map(([, source]) => source));
}, patience);

test("every export of the entry points has a sentence in the reference, and so has every member", {
  timeout: patience,
}, () => {
  const found = documentedExports(program, entries);
  expect(found.length).toBeGreaterThan(700);
  const score = found.find(({ name }) => name === "ansatz: score (src/evaluate/score.ts)");
  expect(score?.comment).toMatch(/^Scores rows of a dataset/);
  expect(without(found)).toEqual([]);

  const members = documentedMembers(program, entries);
  expect(members.length).toBeGreaterThan(1400);
  // One of each kind: of an interface, a class, one of a union's types, a schema.
  for (const name of ["Dataset.splits", "Run.record", "DatasetOrder.note", "FitRecord.family"])
    expect(members.some((member) => member.name.includes(`: ${name} `))).toBe(true);
  expect(without(members)).toEqual([]);
});

test("options that a function takes can be named from where it is exported", () => {
  expect(unnamedOptions(program, entries)).toEqual([]);
});

test("an export or a member without a comment, or with a word for one, has no sentence; hidden options are found", {
  timeout: patience,
}, () => {
  const source = "test/docs/uncommented.ts";
  const own = programOf([source]);
  const found = documentedExports(own, [["test", source]]);
  expect(found.map(isSentence)).toEqual([true, false, false, true, true]);
  const members = documentedMembers(own, [["test", source]], source);
  expect(members.map(({ name }) => name.split(" ")[1])).toEqual([
    "Members.bare",
    "Members.word",
    "Members.told",
    "Members.inner",
  ]);
  expect(members.map(isSentence)).toEqual([false, false, true, false]);
  expect(unnamedOptions(own, [["test", source]])).toEqual(["test: nameless takes HiddenOptions"]);
});
