import { build } from "esbuild";
import { expect, test } from "vitest";
import { browserOptions } from "../browser/bundle.ts";
import { root } from "../docs/pages.ts";

/** The engine and the format of its graphs, which load only to run one. */
const engine = ["onnxruntime-web", "@bufbuild/protobuf", "onnx-buf"];

/** Bytes that a page adds by these imports from the package, minified, without {@link engine}; and the largest parts. */
async function weigh(names: readonly string[]): Promise<{ bytes: number; largest: string }> {
  const list = names.join(", ");
  const { metafile } = await build({
    ...browserOptions,
    stdin: { contents: `import { ${list} } from "./src/index.ts"; console.log(${list});`, resolveDir: root },
    absWorkingDir: root,
    external: [...engine, "@bufbuild/protobuf/*"],
    write: false,
    minify: true,
    metafile: true,
  });
  const [output] = Object.values(metafile.outputs);
  const parts = Object.entries(output?.inputs ?? {}).map(([path, { bytesInOutput }]) => ({
    path,
    bytesInOutput,
  }));
  const largest = parts
    .sort((a, b) => b.bytesInOutput - a.bytesInOutput)
    .slice(0, 10)
    .map(({ path, bytesInOutput }) => `${bytesInOutput} ${path}`);
  return { bytes: output?.bytes ?? 0, largest: largest.join("\n") };
}

test.each([
  { names: ["binary"], most: 10_000 },
  { names: ["fit", "makeMade"], most: 350_000 },
])("a page that imports $names is at most $most bytes", async ({ names, most }) => {
  const { bytes, largest } = await weigh(names);
  expect(bytes).toBeGreaterThan(100);
  expect(bytes, largest).toBeLessThanOrEqual(most);
});
