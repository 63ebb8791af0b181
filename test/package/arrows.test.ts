import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const src = fileURLToPath(new URL("../../src", import.meta.url));

/** Folders of src/ in the order of docs/architecture.md: each imports only from those before it, and from files of src/ itself. */
const layers = [
  ...["random", "tensor", "runtime", "stats", "workers", "kernels", "nn", "optim", "data"],
  ...["tomography", "systems"],
  ...["models", "train", "evaluate", "explain", "report", "study", "files", "runs", "cli"],
];

const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && !file.includes("generated"))
  .sort();

/** The files that each file imports, types too. */
const imports = new Map(
  files.map((file) => {
    const text = readFileSync(join(src, file), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
    const paths = [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+\.ts)"/g)].map(([, path]) =>
      normalize(join(dirname(file), path as string)),
    );
    return [file, paths] as const;
  }),
);

const layerOf = (file: string) => (file.includes("/") ? (file.split("/")[0] as string) : undefined);

test("every folder has its place in the order", () => {
  const folders = new Set(files.map(layerOf).filter((layer) => layer !== undefined));
  expect([...folders].filter((folder) => !layers.includes(folder))).toEqual([]);
});

test("no import runs back up between folders", () => {
  const back = files.flatMap((file) => {
    const own = layerOf(file);
    if (own === undefined) return [];
    return (imports.get(file) ?? []).flatMap((to) => {
      const other = layerOf(to);
      // What lies in src/ itself is below all, but for the entry that exports everything.
      if (other === undefined) return to === "index.ts" ? [`${file} → ${to}`] : [];
      return layers.indexOf(other) > layers.indexOf(own) ? [`${file} → ${to}`] : [];
    });
  });
  expect(back).toEqual([]);
});

test("what lies in src/ itself imports from no folder", () => {
  const up = files.flatMap((file) =>
    layerOf(file) === undefined && file !== "index.ts"
      ? (imports.get(file) ?? []).filter((to) => layerOf(to) !== undefined).map((to) => `${file} → ${to}`)
      : [],
  );
  expect(up).toEqual([]);
});

test("no files import each other in a circle", () => {
  const state = new Map<string, "open" | "done">();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]) => {
    if (state.get(file) === "done") return;
    if (state.get(file) === "open") {
      circles.push([...path.slice(path.indexOf(file)), file].join(" → "));
      return;
    }
    state.set(file, "open");
    for (const to of imports.get(file) ?? []) if (imports.has(to)) visit(to, [...path, file]);
    state.set(file, "done");
  };
  for (const file of files) visit(file, []);
  expect(circles).toEqual([]);
});

test("only what needs Node imports from it", () => {
  const node = files.filter((file) => /from "node:/.test(readFileSync(join(src, file), "utf8")));
  const allowed = /^(cli|files|runs)\/|\.node\.ts$/;
  expect(node.filter((file) => !allowed.test(file)).map((file) => relative(".", file))).toEqual([]);
});

test("commands that draw nothing, and the package itself, load no library that draws", () => {
  const code = (file: string) => readFileSync(join(src, file), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  /** What a file loads when it is loaded: what it imports but types, from its own folder and from libraries. */
  const loaded = (file: string) =>
    [...code(file).matchAll(/^(?:import|export) (?!type )[^;]*?from "([^"]+)";/gm)].map(([, path = ""]) =>
      path.startsWith(".") ? normalize(join(dirname(file), path)) : path,
    );
  const commands = ["fit", "solve", "score", "sample", "fill", "info", "export", "simulate"];
  const starts = [...commands.map((command) => `cli/commands/${command}.ts`), "index.ts"];
  const draws = starts.flatMap((start) => {
    const seen = new Set([start]);
    for (const file of seen) if (files.includes(file)) for (const next of loaded(file)) seen.add(next);
    expect(seen.size).toBeGreaterThan(50);
    return [...seen].filter((path) => /plot|linkedom|resvg/.test(path)).map((path) => `${start}: ${path}`);
  });
  expect(draws).toEqual([]);
});
