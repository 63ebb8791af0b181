import type { NDArray } from "../../array.ts";
import { siteShape } from "../../data/space.ts";
import { stopIfAborted, usageError } from "../../error.ts";
import type { EngineOptions } from "../../runtime/engine.ts";
import { Program } from "../../runtime/program.ts";
import { Spec, trace } from "../../runtime/trace.ts";
import { BATCH } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { freeze, modelRows } from "../arrays.ts";
import { contextFloats, contextSize } from "../context.ts";
import { type ImplicitModel, inputType, type Parameters } from "../contract.ts";
import { type CodeOptions, Coder } from "./coder.ts";
import { contextRows, type DrawOptions, engineOptions, rowsAtOnce } from "./handle.ts";
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
  private critic: Promise<Program> | undefined;

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

  /**
   * The score that the critic gives each of the rows `x: [rows, ...sites]`; see `Critic`. Throws AnsatzError (usage) for a model without one,
   * and where it needs a context that is not given.
   */
  async scores(x: NDArray, { context: given, signal }: CodeOptions = {}): Promise<Float64Array> {
    const { model, parameters } = this;
    const { critic, family, space } = model;
    if (!critic) throw usageError(`a ${family} was not trained against a critic, so rows have no score`);
    const rows = x.shape[0] as number;
    const context = contextFloats(model, given, rows);
    this.critic ??= Program.compile(
      trace((at: Tensor, of: Tensor | undefined) => [critic.scores(freeze(parameters), at, of)], [
        new Spec([BATCH, ...siteShape(space)], inputType(space)),
        model.context && new Spec([BATCH, contextSize(model)]),
      ] as const),
      this.engine,
    );
    const program = await this.critic;
    const out = new Float64Array(rows);
    const chunk = rowsAtOnce(space);
    for (let start = 0; start < rows; start += chunk) {
      stopIfAborted(signal, "scoring was interrupted");
      const end = Math.min(start + chunk, rows);
      const [scores] = await program.run([
        modelRows(space, x, start, end),
        ...contextRows(context, start, end),
      ]);
      out.set((scores as NDArray<"f32">).data, start);
    }
    return out;
  }

  /** Frees the compiled graphs. */
  async release(): Promise<void> {
    await (await this.critic)?.release();
    this.critic = undefined;
    await this.coder.release();
    await this.sampler.release();
  }

  /** Frees the compiled graphs, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }
}
