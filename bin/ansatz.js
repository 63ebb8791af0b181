#!/usr/bin/env node
import { existsSync } from "node:fs";

const main = new URL("../dist/node/cli/terminal/main.js", import.meta.url);
if (existsSync(main)) {
  try {
    const cli = await import(main.href);
    process.exitCode = await cli.main(process.argv.slice(2));
  } catch (error) {
    // The files of the program could not be read, as where too few may be open (ulimit -n).
    console.error(`ansatz: ${error.message}`);
    process.exitCode = 1;
  }
} else {
  console.error("ansatz: dist/ is missing; run `npm run build` first");
  process.exitCode = 1;
}
