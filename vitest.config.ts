import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
// Tests that start the program start the one that was built last.
import "./scripts/join.js";

// Some tests load ONNX Runtime by itself, which would send telemetry.
process.env.ORT_DISABLE_TELEMETRY ||= "1";

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

export default defineConfig({
  resolve: {
    // Tests run the sources; the package's own "imports" map points at the built files.
    alias: [
      { find: "#engine", replacement: source("runtime/engine.node.ts") },
      { find: "#workers", replacement: source("workers/spawn.node.ts") },
      // What acceptance runs share with laws imports the package by its name.
      { find: /^ansatz$/, replacement: source("index.ts") },
      { find: /^ansatz\/(\w+)$/, replacement: source("$1/index.ts") },
    ],
  },
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    testTimeout: 60_000,
    setupFiles: ["test/equality.ts"],
    maxWorkers: 2,
    // Files share what a worker has loaded: loading the sources anew for each of them costs minutes. No test may leave
    // anything behind in a module.
    isolate: false,
    // .ci/run reads its counts from the report.
    reporters: process.env.CI ? ["default", "json"] : ["default"],
    outputFile: { json: ".cache/test-results.json" },
  },
});
