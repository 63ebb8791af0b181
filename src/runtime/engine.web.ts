import * as ort from "onnxruntime-web/wasm";
import type { Engine } from "./engine.ts";
import { type OrtModule, ortEngine } from "./engine-common.ts";

/** ONNX Runtime's WebAssembly engine, for browsers. Threads need a cross-origin isolated page. */
export const engine: Engine = ortEngine(
  ort as unknown as OrtModule,
  `onnxruntime-web ${ort.env.versions.web ?? ""}`,
  (options) => {
    ort.env.wasm.numThreads = options.threads ?? 1;
    return { executionProviders: ["wasm"], graphOptimizationLevel: "all", logSeverityLevel: 3 };
  },
);
