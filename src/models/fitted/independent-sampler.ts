import type { DType, NDArray } from "../../array.ts";
import { stopIfAborted } from "../../error.ts";
import { keyOf } from "../../random/seed.ts";
import type { EngineOptions } from "../../runtime/engine.ts";
import { Program } from "../../runtime/program.ts";
import { storedRows } from "../arrays.ts";
import { contextFloats } from "../context.ts";
import type { BoundedModel, ImplicitModel, Parameters } from "../contract.ts";
import { traceDraws } from "../graphs.ts";
import { contextRows, type DrawOptions, requireCount, rowsAtOnce } from "./handle.ts";

/** Independent rows of a model by its sampler's graph, which is compiled when rows are first asked for. */
export class IndependentSampler<P extends Parameters> {
  readonly #model: BoundedModel<P> | ImplicitModel<P>;
  readonly #parameters: P;
  readonly #engine: EngineOptions;
  #program: Promise<Program> | undefined;

  constructor(model: BoundedModel<P> | ImplicitModel<P>, parameters: P, engine: EngineOptions) {
    this.#model = model;
    this.#parameters = parameters;
    this.#engine = engine;
  }

  /** `n` rows, a chunk at a time, as datasets store them. */
  async sample(n: number, { onProgress, signal, ...options }: DrawOptions): Promise<{ readonly x: NDArray }> {
    requireCount(n);
    const model = this.#model;
    const context = contextFloats(model, options.context, n);
    this.#program ??= Program.compile(traceDraws(model, this.#parameters), this.#engine);
    const program = await this.#program;
    const key = keyOf(options);
    const chunk = rowsAtOnce(model.space, model.rowsAtOnce);
    const parts: NDArray<DType>[] = [];
    for (let start = 0; start < n; start += chunk) {
      stopIfAborted(signal, "sampling was interrupted");
      const end = Math.min(start + chunk, n);
      const keys = [key.fold(start / chunk)];
      const [rows] = await program.run(contextRows(context, start, end), { keys, batch: end - start });
      parts.push(rows as NDArray<DType>);
      onProgress?.(end, n);
    }
    return { x: storedRows(model.space, parts) };
  }

  /** Frees the compiled graph. */
  async release(): Promise<void> {
    await (await this.#program)?.release();
    this.#program = undefined;
  }
}
