import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";
// Tests that start the program start the one that was built last.
import "./scripts/join.js";

// Some tests load ONNX Runtime by itself, which would send telemetry.
process.env.ORT_DISABLE_TELEMETRY ||= "1";

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

/** Files that add families to the registry, where the tests of other files would find them. */
const registering = [
  "src/evaluate/score-{bounded,implicit}.test.ts",
  "test/cli/kinds.test.ts",
  "test/laws/{bounded-models,implicit-models,fitted-kinds,kinds,latent,mistakes}.test.ts",
];

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
    // The other files share what a worker has loaded, since loading the sources anew for each of them costs minutes. So no test
    // may leave anything behind in a module.
    projects: [
      {
        extends: true,
        test: {
          name: "shared",
          include: ["src/**/*.test.ts", "test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...registering],
          isolate: false,
        },
      },
      { extends: true, test: { name: "registering", include: registering } },
    ],
    testTimeout: 60_000,
    setupFiles: ["test/equality.ts"],
    maxWorkers: 2,
    // .ci/run reads its counts from the report.
    reporters: process.env.CI ? ["default", "json"] : ["default"],
    outputFile: { json: ".cache/test-results.json" },
  },
});
