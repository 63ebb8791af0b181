// Joins the modules of dist/ into few files, dist/node/, which Node loads by the "node" condition of package.json: reading
// hundreds of small ones takes longer than a small fit. Browsers' bundlers get the modules themselves, and drop what is not
// used. One pass over all entry points, so that what they share (the registry of families) is there once. The package's
// dependencies stay outside. Does nothing where dist/ has not changed.
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const entries = Object.values(exports).flatMap(({ node, default: module }) => (node ? [module] : []));

/** When a file was last written; 0 where it is missing. */
const written = (path) => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;

const modules = readdirSync(join(root, "dist"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".js") && !path.startsWith("node"))
  .map((path) => join("dist", path));
const joined = written("dist/node/index.js");

if (["package.json", "scripts/join.js", ...modules].some((path) => written(path) > joined)) {
  rmSync(join(root, "dist/node"), { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: [
      ...entries,
      "dist/cli/terminal/main.js",
      // Worker threads, which `dist/workers/spawn.node.js` starts.
      "dist/systems/parallel/worker.node.js",
      "dist/kernels/shallow-worker.node.js",
    ],
    outbase: "dist",
    outdir: "dist/node",
    // One folder down, as the modules that look for workers beside them were.
    chunkNames: "parts/[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    logLevel: "warning",
  });
}
