import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type * as z from "zod";
import { fitOptionsSchema } from "../../src/train/options.ts";
import { solveOptionsSchema } from "../../src/train/solve-options.ts";
import { root } from "./pages.ts";

/** The comment that the reference shows of an option: what the help says of it, and its default. */
function commentOf(field: z.ZodType): string {
  const [first = "", ...rest] = field.description ?? "";
  const value = field.parse(undefined);
  const names = Array.isArray(value) ? value.join(",") || undefined : value;
  const shown = names === undefined ? "none" : typeof names === "string" ? `\`${names}\`` : `${names}`;
  // What has no default says itself what stands for it.
  const fallback = value === undefined ? "" : ` (default ${shown})`;
  return `/** ${first.toUpperCase()}${rest.join("")}${fallback}. */`;
}

test.each([
  ["src/train/options.ts", fitOptionsSchema],
  ["src/train/solve-options.ts", solveOptionsSchema],
] as const)("the reference says of every option in %s what its help says", (file, schema) => {
  const source = readFileSync(join(root, file), "utf8");
  const wrong = Object.entries(schema.shape).filter(
    ([name, field]) =>
      !new RegExp(`^  ${name}[:,]`, "m").test(source.split(commentOf(field))[1]?.slice(1) ?? ""),
  );
  expect(wrong.map(([name]) => name)).toEqual([]);
});
