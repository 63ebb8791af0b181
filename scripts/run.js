// Runs a TypeScript file of this repository: node scripts/run.js bench/run.ts [ARGUMENT...]
// The file sees argv as if it had been started itself, and `import "ansatz"` gives it the built package.
import { register } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [, , file] = process.argv;
if (file === undefined) {
  console.error("usage: node scripts/run.js FILE.ts [ARGUMENT...]");
  process.exit(2);
}
// Newer versions of Node strip types themselves.
if (!process.features.typescript) register("./typescript.js", import.meta.url);
process.setSourceMapsEnabled(true);
process.argv.splice(1, 2, resolve(file));
await import(pathToFileURL(resolve(file)).href);
