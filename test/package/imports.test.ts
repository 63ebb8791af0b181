import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../docs/pages.ts";

const folders = ["src", "test", "bench", "acceptance", "examples", "scripts"];

const sources = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => /\.[jt]s$/.test(path))
    .map((path) => join(folder, path)),
);

// The object `z` and the default export hold everything zod has, 264 kB of messages in other languages included, so
// no bundler can drop any of it.
test('zod is imported by import * as z from "zod" alone', () => {
  const otherwise = /^(import|export)\s+(?!(type\s+)?\* as z\b)[^;]*from\s*["']zod\b[^"']*["']/m;
  const wrong = [
    'import { type ZodType, z } from "zod";',
    'import z from "zod";',
    'export { z } from "zod/v4";',
  ];
  expect(wrong.filter((line) => !otherwise.test(line))).toEqual([]);
  expect(sources).toContain(join("src", "setting.ts"));
  expect(sources.filter((path) => otherwise.test(readFileSync(join(root, path), "utf8")))).toEqual([]);
});
