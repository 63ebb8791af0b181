import type { NDArray } from "../../array.ts";
import type { EngineOptions } from "../../runtime/engine.ts";
import { Program } from "../../runtime/program.ts";
import type { ImplicitModel, Parameters } from "../contract.ts";
import { traceDraws } from "../graphs.ts";
import { type DrawOptions, drawIndependent, engineOptions } from "./handle.ts";

/** A model of which samples can be drawn and nothing else can be asked, with its parameters. */
export class FittedImplicit<P extends Parameters = Parameters> implements AsyncDisposable {
  /** The definition of the model, which holds no numbers. */
  readonly model: ImplicitModel<P>;
  /** Its numbers, a tree of arrays. */
  readonly parameters: P;
  /** How graphs run: threads inside one operation. */
  readonly engine: EngineOptions;
  private sampler: Promise<Program> | undefined;

  constructor(model: ImplicitModel<P>, parameters: P, options: EngineOptions = {}) {
    this.model = model;
    this.parameters = parameters;
    this.engine = engineOptions(options);
  }

  /** `n` independent samples `[n, ...sites]`, as datasets store them. */
  sample(n: number, options: DrawOptions = {}): Promise<{ readonly x: NDArray }> {
    const { model, parameters, engine } = this;
    const sampler = () => {
      this.sampler ??= Program.compile(traceDraws(model, parameters), engine);
      return this.sampler;
    };
    return drawIndependent(model, sampler, n, options);
  }

  /** Frees the compiled graphs. */
  async release(): Promise<void> {
    await (await this.sampler)?.release();
    this.sampler = undefined;
  }

  /** Frees the compiled graphs, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }
}
