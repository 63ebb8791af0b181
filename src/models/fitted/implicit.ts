import type { DType, NDArray } from "../../array.ts";
import type { EngineOptions } from "../../runtime/engine.ts";
import { Program } from "../../runtime/program.ts";
import type { ImplicitModel, Parameters } from "../contract.ts";
import { traceDraws } from "../graphs.ts";
import {
  contextRows,
  type DrawOptions,
  drawInChunks,
  engineOptions,
  requireContext,
  requireCount,
} from "./handle.ts";

/** A model of which samples can be drawn and nothing else can be asked, with its parameters. */
export class FittedImplicit<P extends Parameters = Parameters> implements AsyncDisposable {
  readonly model: ImplicitModel<P>;
  readonly parameters: P;
  readonly engine: EngineOptions;
  private sampler: Promise<Program> | undefined;

  constructor(model: ImplicitModel<P>, parameters: P, options: EngineOptions = {}) {
    this.model = model;
    this.parameters = parameters;
    this.engine = engineOptions(options);
  }

  /** `n` independent samples `[n, ...sites]`, as datasets store them. */
  async sample(n: number, options: DrawOptions = {}): Promise<{ readonly x: NDArray }> {
    requireCount(n);
    requireContext(this.model, options.context, n);
    this.sampler ??= Program.compile(traceDraws(this.model, this.parameters), this.engine);
    const program = await this.sampler;
    const x = await drawInChunks(this.model.space, n, options, async (start, end, key) => {
      const [rows] = await program.run(contextRows(options.context, start, end), {
        keys: [key],
        batch: end - start,
      });
      return rows as NDArray<DType>;
    });
    return { x };
  }

  /** Frees the compiled graphs. */
  async release(): Promise<void> {
    await (await this.sampler)?.release();
    this.sampler = undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }
}
