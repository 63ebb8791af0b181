import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const source = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Bundles a module of this project's sources as one script for a page, with the engine for browsers. */
export async function bundle(entry: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    logLevel: "error",
    plugins: [
      {
        name: "web engine and workers from the sources",
        setup: ({ onResolve }) => {
          onResolve({ filter: /^#engine$/ }, () => ({ path: source("src/runtime/engine.web.ts") }));
          onResolve({ filter: /^#workers$/ }, () => ({ path: source("src/workers/spawn.web.ts") }));
        },
      },
    ],
  });
}
