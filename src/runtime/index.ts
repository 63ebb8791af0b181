/**
 * Compiles functions of tensors to ONNX graphs and runs them.
 *
 * @module ansatz/runtime
 */

export { engine } from "#engine";
export type { Engine, EngineOptions, EngineSession } from "./engine.ts";
export { type Arrays, type Concrete, type JitOptions, type Jitted, jit } from "./jit.ts";
export { type Call, Program, toOnnx } from "./program.ts";
export { KEY, Spec, type SpecLeaf, type Traced, trace } from "./trace.ts";
