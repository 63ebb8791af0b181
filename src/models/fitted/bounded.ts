import type { NDArray } from "../../array.ts";
import { stopIfAborted, usageError } from "../../error.ts";
import { keyOf, type SeedOrKey } from "../../random/seed.ts";
import type { EngineOptions } from "../../runtime/engine.ts";
import { Program } from "../../runtime/program.ts";
import { modelRows, requireStates } from "../arrays.ts";
import { contextFloats } from "../context.ts";
import type { BoundedModel, Parameters } from "../contract.ts";
import { traceBound } from "../graphs.ts";
import { Coder } from "./coder.ts";
import { contextRows, type DrawOptions, engineOptions, rowsAtOnce } from "./handle.ts";
import { IndependentSampler } from "./independent-sampler.ts";

/** What {@link FittedBounded.bound} may be given. */
export interface BoundOptions extends SeedOrKey {
  /**
   * Draws of each row (1 where left out). Their mean is a bound; of a model with importance weights it is log of the mean
   * weight of them instead, which is closer the more there are.
   */
  readonly draws?: number | undefined;
  /** `[rows, ...]`, rows of the model's context space. */
  readonly context?: NDArray | undefined;
  /** Draws done, over all rows, and all of them. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Stops between runs of the graph with AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
}

/** A model with a bound on its likelihood, with its parameters: arrays in, arrays out. */
export class FittedBounded<P extends Parameters = Parameters> implements AsyncDisposable {
  /** The definition of the model, which holds no numbers. */
  readonly model: BoundedModel<P>;
  /** Its numbers, a tree of arrays. */
  readonly parameters: P;
  /** How graphs run: threads inside one operation. */
  readonly engine: EngineOptions;
  /** Its codes, where the model has any. */
  readonly coder: Coder<P>;
  private bounder: Promise<Program> | undefined;
  private readonly sampler: IndependentSampler<P>;

  constructor(model: BoundedModel<P>, parameters: P, options: EngineOptions = {}) {
    this.model = model;
    this.parameters = parameters;
    this.engine = engineOptions(options);
    this.coder = new Coder(model, parameters, this.engine);
    this.sampler = new IndependentSampler(model, parameters, this.engine);
  }

  /**
   * A lower bound of log P of each row, nats, which holds on average over the draws; `x: [rows, ...sites]` as datasets store
   * it. Throws AnsatzError (input) for rows of another shape, (usage) where the model needs a context that is not given.
   */
  async bound(x: NDArray, options: BoundOptions = {}): Promise<Float64Array> {
    const { model, parameters, engine } = this;
    const { draws = 1, onProgress, signal } = options;
    requireStates(model.space, x);
    const rows = x.shape[0] as number;
    const context = contextFloats(model, options.context, rows);
    if (!Number.isInteger(draws) || draws < 1) throw usageError(`draws is a positive integer, not ${draws}`);
    this.bounder ??= Program.compile(traceBound(model, parameters), engine);
    const program = await this.bounder;
    const key = keyOf(options);
    const chunk = rowsAtOnce(model.space);
    const out = new Float64Array(rows);
    for (let start = 0; start < rows; start += chunk) {
      const end = Math.min(start + chunk, rows);
      const inputs = [modelRows(model.space, x, start, end), ...contextRows(context, start, end)];
      const each: Float32Array[] = [];
      for (let draw = 0; draw < draws; draw++) {
        stopIfAborted(signal, "scoring was interrupted");
        const keys = [key.fold(start / chunk).fold(draw)];
        const [bound] = await program.run(inputs, { keys, batch: end - start });
        each.push((bound as NDArray<"f32">).data);
        onProgress?.(start * draws + (end - start) * (draw + 1), rows * draws);
      }
      const join = model.importance ? logMean : mean;
      for (let row = start; row < end; row++) out[row] = join(each.map((b) => b[row - start] as number));
    }
    return out;
  }

  /** `n` independent samples `[n, ...sites]`, as datasets store them. */
  sample(n: number, options: DrawOptions = {}): Promise<{ readonly x: NDArray }> {
    return this.sampler.sample(n, options);
  }

  /** Frees the compiled graphs. */
  async release(): Promise<void> {
    await this.coder.release();
    await (await this.bounder)?.release();
    this.bounder = undefined;
    await this.sampler.release();
  }

  /** Frees the compiled graphs, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }
}

const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;

/** log of the mean of exp(values). */
function logMean(values: readonly number[]): number {
  const most = Math.max(...values);
  if (most === Number.NEGATIVE_INFINITY) return most;
  return most + Math.log(mean(values.map((v) => Math.exp(v - most))));
}
