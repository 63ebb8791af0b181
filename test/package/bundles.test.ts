import { build } from "esbuild";
import { expect, test } from "vitest";
import { browserOptions } from "../browser/bundle.ts";
import { root } from "../docs/pages.ts";

/** The engine and the format of its graphs, which load only to run one. */
const engine = ["onnxruntime-web", "@bufbuild/protobuf", "onnx-buf"];

/**
 * Bytes that a page loads by these imports from the package, minified, without {@link engine}, and the largest parts of them; not
 * what is loaded when it is asked for.
 */
async function weigh(names: readonly string[]): Promise<{ bytes: number; largest: string }> {
  const list = names.join(", ");
  const { metafile } = await build({
    ...browserOptions,
    stdin: { contents: `import { ${list} } from "./src/index.ts"; console.log(${list});`, resolveDir: root },
    absWorkingDir: root,
    external: [...engine, "@bufbuild/protobuf/*"],
    write: false,
    outdir: "out",
    splitting: true,
    minify: true,
    metafile: true,
  });
  const { outputs } = metafile;
  const loaded = new Set<string>();
  const load = (path: string) => {
    if (loaded.has(path)) return;
    loaded.add(path);
    for (const { path: next, kind } of outputs[path]?.imports ?? [])
      if (kind === "import-statement" && next in outputs) load(next);
  };
  load(Object.keys(outputs).find((path) => outputs[path]?.entryPoint !== undefined) as string);
  const pages = [...loaded].map((path) => outputs[path] as (typeof outputs)[string]);
  const parts = pages.flatMap(({ inputs }) =>
    Object.entries(inputs).map(([path, { bytesInOutput }]) => ({ path, bytesInOutput })),
  );
  const largest = parts
    .sort((a, b) => b.bytesInOutput - a.bytesInOutput)
    .slice(0, 10)
    .map(({ path, bytesInOutput }) => `${bytesInOutput} ${path}`);
  return { bytes: pages.reduce((sum, { bytes }) => sum + bytes, 0), largest: largest.join("\n") };
}

test.each([
  { names: ["binary"], most: 10_000 },
  { names: ["fit", "makeMade"], most: 350_000 },
])("a page that imports $names is at most $most bytes", async ({ names, most }) => {
  const { bytes, largest } = await weigh(names);
  expect(bytes).toBeGreaterThan(100);
  expect(bytes, largest).toBeLessThanOrEqual(most);
});
