import { createRequire } from "node:module";
import * as ort from "onnxruntime-node";
import type { Engine } from "./engine.ts";
import { type OrtModule, ortEngine } from "./engine-common.ts";

const { version } = createRequire(import.meta.url)("onnxruntime-node/package.json") as { version: string };

/** ONNX Runtime's native CPU engine, for Node. */
export const engine: Engine = ortEngine(ort as unknown as OrtModule, {
  version: `onnxruntime-node ${version}`,
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
