#!/usr/bin/env node
import { existsSync } from "node:fs";

const main = new URL("../dist/cli/terminal/main.js", import.meta.url);
if (existsSync(main)) {
  const cli = await import(main.href);
  process.exitCode = await cli.main(process.argv.slice(2));
} else {
  console.error("ansatz: dist/ is missing; run `npm run build` first");
  process.exitCode = 1;
}
