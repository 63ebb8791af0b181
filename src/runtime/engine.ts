import type { DType, NDArray } from "../array.ts";

/** Options of running a graph. */
export interface EngineOptions {
  /** Threads inside one operation (default 1, so that results do not depend on the machine). */
  readonly threads?: number;
}

/** A loaded graph. */
export interface EngineSession {
  /**
   * Runs the graph on named arrays. Results are written into the arrays that `into` names, else into fresh
   * ones.
   */
  run(
    feeds: Readonly<Record<string, NDArray<DType>>>,
    into?: Readonly<Record<string, NDArray<DType>>>,
  ): Promise<Record<string, NDArray<DType>>>;
  /** Frees the graph. */
  release(): Promise<void>;
}

/** Runs ONNX graphs. Each engine has one adapter file; no other code depends on which one is used. */
export interface Engine {
  /** Name and version, recorded in runs: the same bits are promised on one engine only. */
  readonly version: string;
  /** Prepares the bytes of an ONNX model to be run; the session must be released. */
  load(model: Uint8Array, options?: EngineOptions): Promise<EngineSession>;
}
