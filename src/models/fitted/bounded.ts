import type { NDArray } from "../../array.ts";
import { stopIfAborted, usageError } from "../../error.ts";
import type { Key } from "../../random/key.ts";
import { keyOf, type SeedOrKey } from "../../random/seed.ts";
import type { EngineOptions } from "../../runtime/engine.ts";
import { Program } from "../../runtime/program.ts";
import { modelRows, requireStates } from "../arrays.ts";
import { contextFloats } from "../context.ts";
import type { BoundedModel, Parameters } from "../contract.ts";
import { traceBound, traceBounds } from "../graphs.ts";
import { Coder } from "./coder.ts";
import { DrawMeans, type RowBounds } from "./draw-means.ts";
import { contextRows, type DrawOptions, engineOptions, rowsAtOnce } from "./handle.ts";
import { IndependentSampler } from "./independent-sampler.ts";

/** Draws of each row in one run of the graph, of models with latent variables. */
const BLOCK = 50;

/** What {@link FittedBounded.bound} may be given. */
export interface BoundOptions extends SeedOrKey {
  /**
   * Draws of each row (1 where left out). Their mean is a bound; of a model with importance weights it is log of the mean
   * weight of them instead, which is closer the more there are.
   */
  readonly draws?: number | undefined;
  /** Numbers of draws, fewer than `draws`, after which the bound is kept as well. */
  readonly counts?: readonly number[] | undefined;
  /** `[rows, ...]`, rows of the model's context space. */
  readonly context?: NDArray | undefined;
  /** Draws done, over all rows, and all of them. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Stops between runs of the graph with AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
}

/** The bound of each row after so many of the draws, nats. */
export interface BoundAfter {
  /** Number of draws of each row. */
  readonly count: number;
  /** The bound of each row. */
  readonly bound: Float64Array;
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
  private several: Promise<Program> | undefined;
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
    return (await this.bounds(x, options)).bound;
  }

  /** The same, with the error of each row by its draws and the mean of them. Throws as `bound`. */
  async bounds(
    x: NDArray,
    options: BoundOptions = {},
  ): Promise<RowBounds & { readonly after: readonly BoundAfter[] }> {
    const { model, parameters, engine } = this;
    const { draws = 1, counts = [], onProgress, signal } = options;
    requireStates(model.space, x);
    const rows = x.shape[0] as number;
    const context = contextFloats(model, options.context, rows);
    if (!Number.isInteger(draws) || draws < 1) throw usageError(`draws is a positive integer, not ${draws}`);
    // Of latent variables alone noise is small: several draws are one run of the graph, which encodes each row once.
    const block = model.latent ? BLOCK : draws + 1;
    const key = keyOf(options);
    const chunk = rowsAtOnce(model.space, model.rowsAtOnce);
    const [singles, blocks] = [draws % block, Math.floor(draws / block)];
    if (singles > 0) this.bounder ??= Program.compile(traceBound(model, parameters), engine);
    if (blocks > 0) this.several ??= Program.compile(traceBounds(model, parameters, block), engine);
    const [single, several] = [await this.bounder, await this.several];
    const out = {
      bound: new Float64Array(rows),
      mean: new Float64Array(rows),
      noise: new Float64Array(rows),
      after: counts.map((count) => ({ count, bound: new Float64Array(rows) })),
    };
    for (let start = 0; start < rows; start += chunk) {
      const end = Math.min(start + chunk, rows);
      const count = end - start;
      const inputs = [modelRows(model.space, x, start, end), ...contextRows(context, start, end)];
      const means = new DrawMeans(count);
      let done = 0;
      const run = async (program: Program | undefined, key: Key, more: number) => {
        stopIfAborted(signal, "scoring was interrupted");
        const [bounds] = await (program as Program).run(inputs, { keys: [key], batch: count });
        const { data } = bounds as NDArray<"f32">;
        for (let i = 0; i < more; i++) {
          means.add(data.subarray(i * count, (i + 1) * count));
          done++;
          for (const kept of out.after)
            if (kept.count === done) kept.bound.set(means.result(model.importance).bound, start);
        }
        onProgress?.(start * draws + count * done, rows * draws);
      };
      const own = key.fold(start / chunk);
      for (let draw = 0; draw < singles; draw++) await run(single, own.fold(draw), 1);
      for (let i = 0; i < blocks; i++) await run(several, own.fold(block + i), block);
      const { bound, mean, noise } = means.result(model.importance);
      out.bound.set(bound, start);
      out.mean.set(mean, start);
      out.noise.set(noise, start);
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
    for (const program of [this.bounder, this.several]) await (await program)?.release();
    this.bounder = undefined;
    this.several = undefined;
    await this.sampler.release();
  }

  /** Frees the compiled graphs, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }
}
