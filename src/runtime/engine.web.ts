/**
 * The engine of a browser: where its WebAssembly files lie.
 *
 * @module ansatz/runtime/web
 */

import * as ort from "onnxruntime-web/wasm";
import { AnsatzError, usageError } from "../error.ts";
import type { Engine, EngineOptions } from "./engine.ts";
import { type OrtModule, ortEngine } from "./engine-common.ts";

/** Threads of the page's one WebAssembly module, fixed when the first graph is loaded. */
let running: number | undefined;

function start({ threads }: EngineOptions): void {
  if (running !== undefined) {
    if (threads !== undefined && threads !== running)
      throw usageError(
        `a page's engine has one number of threads: it started with ${running}, not ${threads}; ask for the same in every call`,
      );
    return;
  }
  if (threads !== undefined && threads > 1 && !globalThis.crossOriginIsolated)
    throw usageError(
      "threads need a cross-origin isolated page: serve it with 'Cross-Origin-Opener-Policy: same-origin' and " +
        "'Cross-Origin-Embedder-Policy: require-corp'",
    );
  running = threads ?? 1;
  ort.env.wasm.numThreads = running;
}

const wasmEngine = ortEngine(ort as unknown as OrtModule, {
  version: `onnxruntime-web ${ort.env.versions.web ?? ""}`,
  // It copies a given output tensor in, and nothing out (onnxruntime-web 1.30).
  fillsOutputs: false,
  sessionOptions: () => ({
    executionProviders: ["wasm"],
    graphOptimizationLevel: "all",
    logSeverityLevel: 4,
  }),
});

/** ONNX Runtime's WebAssembly engine, for browsers. */
export const engine: Engine = {
  version: wasmEngine.version,
  async load(model, options = {}) {
    start(options);
    try {
      return await wasmEngine.load(model, options);
    } catch (cause) {
      if (!String(cause).includes("no available backend")) throw cause;
      throw new AnsatzError(
        "failure",
        "the engine did not start: serve ort-wasm-simd-threaded.wasm next to the page's script, or set its place with locateEngine",
        { cause },
      );
    }
  },
};

/**
 * Sets the folder from which the page serves `ort-wasm-simd-threaded.mjs` and `ort-wasm-simd-threaded.wasm`,
 * both from `onnxruntime-web/dist`. Without it the engine looks for the `.wasm` file next to the page's own
 * script, which is enough for one thread. Workers load the `.mjs` file, so a page with more threads must call
 * it.
 *
 * @param folder URL of the folder, absolute or relative to the page. Throws a usage error once a graph was
 * loaded.
 */
export function locateEngine(folder: string | URL): void {
  if (running !== undefined) throw usageError("locateEngine was called after the engine had started");
  const base = new URL(folder, globalThis.location.href).href.replace(/\/?$/, "/");
  ort.env.wasm.wasmPaths = {
    mjs: new URL("ort-wasm-simd-threaded.mjs", base),
    wasm: new URL("ort-wasm-simd-threaded.wasm", base),
  };
}
