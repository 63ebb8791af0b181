import type { NDArray } from "../../array.ts";
import type { EngineOptions } from "../../runtime/engine.ts";
import type { ImplicitModel, Parameters } from "../contract.ts";
import { Coder } from "./coder.ts";
import { type DrawOptions, engineOptions } from "./handle.ts";
import { IndependentSampler } from "./independent-sampler.ts";

/** A model that can only be sampled, with its parameters. */
export class FittedImplicit<P extends Parameters = Parameters> implements AsyncDisposable {
  /** The definition of the model, which holds no numbers. */
  readonly model: ImplicitModel<P>;
  /** Its numbers, a tree of arrays. */
  readonly parameters: P;
  /** How graphs run: threads inside one operation. */
  readonly engine: EngineOptions;
  /** The codes of the model, if it has any. */
  readonly coder: Coder<P>;
  private readonly sampler: IndependentSampler<P>;

  constructor(model: ImplicitModel<P>, parameters: P, options: EngineOptions = {}) {
    this.model = model;
    this.parameters = parameters;
    this.engine = engineOptions(options);
    this.coder = new Coder(model, parameters, this.engine);
    this.sampler = new IndependentSampler(model, parameters, this.engine);
  }

  /** `n` independent samples `[n, ...sites]`, as datasets store them. */
  sample(n: number, options: DrawOptions = {}): Promise<{ readonly x: NDArray }> {
    return this.sampler.sample(n, options);
  }

  /** Frees the compiled graphs. */
  async release(): Promise<void> {
    await this.coder.release();
    await this.sampler.release();
  }

  /** Frees the compiled graphs, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }
}
