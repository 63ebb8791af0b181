import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";

const source = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** How this project's sources are bundled for a page, with the engine and the workers of browsers. */
export const browserOptions = {
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
} as const satisfies BuildOptions;

/** Bundles a module of this project's sources as one script for a page. */
export async function bundle(entry: string, outfile: string): Promise<void> {
  await build({ ...browserOptions, entryPoints: [entry], outfile });
}
