import { createRequire } from "node:module";
import type { Engine } from "./engine.ts";
import { type OrtModule, ortEngine } from "./engine-common.ts";
import { disableTelemetry, requireNoTelemetry } from "./telemetry.node.ts";

const { version: release } = createRequire(import.meta.url)("onnxruntime-node/package.json") as {
  version: string;
};
const version = `onnxruntime-node ${release}`;

// When this module is loaded, not when a graph is: workers that the main thread starts later rely on it.
disableTelemetry();

/** The library is imported here, so that no bundler can load it before its telemetry is off. */
async function start(): Promise<Engine> {
  const ort = (await import("onnxruntime-node")) as unknown as OrtModule;
  return ortEngine(ort, {
    version,
    fillsOutputs: true,
    sessionOptions: (options) => ({
      executionProviders: ["cpu"],
      intraOpNumThreads: options.threads ?? 1,
      interOpNumThreads: 1,
      executionMode: "sequential",
      graphOptimizationLevel: "all",
      logSeverityLevel: 4,
    }),
  });
}

let started: Promise<Engine> | undefined;

/** ONNX Runtime's native CPU engine, for Node. */
export const engine: Engine = {
  version,
  async load(model, options) {
    if (started === undefined) requireNoTelemetry();
    started ??= start();
    return (await started).load(model, options);
  },
};
