import type { DType, NDArray } from "../array.ts";

/** How a graph runs. */
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

/** What runs ONNX graphs: one adapter file an engine, and nothing else knows which. */
export interface Engine {
  /** Name and version, recorded in runs: the same bits are promised on one engine only. */
  readonly version: string;
  /** Prepares the bytes of an ONNX model to be run; the session must be released. */
  load(model: Uint8Array, options?: EngineOptions): Promise<EngineSession>;
}
