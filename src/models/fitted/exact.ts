import { arrayFrom, type DType, type NDArray } from "../../array.ts";
import { stopIfAborted, usageError } from "../../error.ts";
import type { Key } from "../../random/key.ts";
import { keyOf, type SeedOrKey } from "../../random/seed.ts";
import type { EngineOptions } from "../../runtime/engine.ts";
import { Program } from "../../runtime/program.ts";
import { modelRows, requireStates, storedRows } from "../arrays.ts";
import { contextFloats } from "../context.ts";
import type { ExactModel, Parameters } from "../contract.ts";
import { fedArrays, traceLevelBound, traceLogProb, traceSampler } from "../graphs.ts";
import { inLanes } from "../lanes.ts";
import { type DrawnArrays, ShallowModel } from "../shallow.ts";
import { Coder } from "./coder.ts";
import { type CompleteOptions, Completer, type WeightedCompletions } from "./completer.ts";
import {
  checkTemperature,
  contextRows,
  type DrawOptions,
  engineOptions,
  requireCount,
  rowsAtOnce,
} from "./handle.ts";

/** From this many chunks on workers draw too: one takes about as long to start as to draw a chunk. */
const LEAST_FOR_WORKERS = 6;

/** What {@link FittedExact.sample} may be given. */
export interface SampleOptions extends DrawOptions {
  /** Number of threads of a kernel that draws the rows; the rows do not depend on it (default 1). */
  readonly threads?: number;
  /**
   * Divides the logits of every conditional (default 1): below 1 samples concentrate on what is probable,
   * above 1 they spread. Their log-probabilities stay those of the model itself.
   */
  readonly temperature?: number;
}

/** An exact model with its parameters: arrays in, arrays out. */
export class FittedExact<P extends Parameters = Parameters> implements AsyncDisposable {
  /** The definition of the model, which holds no numbers. */
  readonly model: ExactModel<P>;
  /** Its numbers, a tree of arrays. */
  readonly parameters: P;
  /** How graphs run: threads inside one operation. */
  readonly engine: EngineOptions;
  /** The codes of the model, if it has any. */
  readonly coder: Coder<P>;
  /** Rows in one run of the graph. */
  private readonly chunk: number;
  /** Large tables, passed to each graph as inputs: as constants each graph would hold copies of them. */
  private readonly tables: readonly NDArray<"f32">[];
  private scorer: Promise<Program> | undefined;
  private bounder: Promise<Program> | undefined;
  private sampler: Promise<Program> | undefined;
  private tempered: Promise<Program> | undefined;
  private shallow: Promise<ShallowModel<P>> | undefined;
  private completer: Completer<P> | undefined;

  constructor(model: ExactModel<P>, parameters: P, options: EngineOptions = {}) {
    this.model = model;
    this.parameters = parameters;
    this.chunk = rowsAtOnce(model.space);
    this.tables = fedArrays(parameters, model.sparse ?? []).map(([, array]) => array);
    this.engine = engineOptions(options);
    this.coder = new Coder(model, parameters, this.engine);
  }

  /**
   * Returns log P of each row in nats; `x: [rows, ...sites]` as datasets store it. Throws AnsatzError (input)
   * for rows of another shape, (usage) if the model needs a context that is not given.
   */
  async logProb(x: NDArray, context?: NDArray): Promise<Float64Array> {
    requireStates(this.model.space, x);
    const rows = x.shape[0] as number;
    const given = contextFloats(this.model, context, rows);
    this.scorer ??= Program.compile(
      traceLogProb(this.model, this.parameters, this.model.sparse),
      this.engine,
    );
    const program = await this.scorer;
    const out = new Float64Array(rows);
    for (let start = 0; start < rows; start += this.chunk) {
      const end = Math.min(start + this.chunk, rows);
      const chunk = modelRows(this.model.space, x, start, end);
      const [logProb] = await program.run([chunk, ...contextRows(given, start, end), ...this.tables]);
      out.set((logProb as NDArray<"f32">).data, start);
    }
    return out;
  }

  /**
   * Returns a lower bound of log P of the grey levels of each row, nats: `levelBound` of the model averaged
   * over `draws` of its noise, or log P of the rows with the uniform noise between levels that they hold.
   * Throws as {@link logProb}.
   */
  async levelBound(
    x: NDArray,
    { draws, context, ...from }: SeedOrKey & { readonly draws: number; readonly context?: NDArray },
  ): Promise<Float64Array> {
    const { model } = this;
    if (!model.levelBound) return this.logProb(x, context);
    requireStates(model.space, x);
    const rows = x.shape[0] as number;
    const given = contextFloats(model, context, rows);
    const key = keyOf(from);
    this.bounder ??= Program.compile(traceLevelBound(model, this.parameters), this.engine);
    const program = await this.bounder;
    const out = new Float64Array(rows);
    for (let start = 0; start < rows; start += this.chunk) {
      const end = Math.min(start + this.chunk, rows);
      const inputs = [modelRows(model.space, x, start, end), ...contextRows(given, start, end)];
      for (let draw = 0; draw < draws; draw++) {
        const keys = [key.fold(start / this.chunk).fold(draw)];
        const [bound] = await program.run(inputs, { keys, batch: end - start });
        (bound as NDArray<"f32">).data.forEach((value, i) => {
          (out[start + i] as number) += value / draws;
        });
      }
    }
    return out;
  }

  /** `n` independent samples `[n, ...sites]`, as datasets store them, each with its log-probability in nats. */
  async sample(n: number, options: SampleOptions = {}): Promise<{ x: NDArray; logProb: Float64Array }> {
    requireCount(n);
    const context = contextFloats(this.model, options.context, n);
    const { temperature = 1 } = options;
    const key = keyOf(options);
    checkTemperature(temperature);
    if (temperature !== 1 && !this.model.autoregressive)
      throw usageError(`${this.model.family} has no conditionals, so a temperature does not apply`);
    const draw = await this.drawer(temperature, context);
    const logProb = new Float64Array(n);
    const parts: NDArray<DType>[] = [];
    const chunks = Math.ceil(n / this.chunk);
    const lanes = this.shallow && chunks >= LEAST_FOR_WORKERS ? Math.min(options.threads ?? 1, chunks) : 1;
    let done = 0;
    await inLanes(chunks, lanes, async (chunk, lane) => {
      stopIfAborted(options.signal, "sampling was interrupted");
      const [start, end] = [chunk * this.chunk, Math.min((chunk + 1) * this.chunk, n)];
      const drawn = await draw(start, end, key.fold(chunk), lane);
      parts[chunk] = drawn.x as NDArray<DType>;
      logProb.set(drawn.logProb, start);
      done += end - start;
      options.onProgress?.(done, n);
    });
    return { x: storedRows(this.model.space, parts), logProb };
  }

  /**
   * Weighted completions of configurations with gaps: `values` and `known` (1 or 0), both `[rows, ...sites]`, `values` as
   * datasets store them. Returns the particles of each row one after the other, `[rows · particles, ...sites]`, with
   * the logarithms of their weights, and for each particle the least effective sample size that its row had on the way. Throws AnsatzError (usage) for a model without conditionals.
   */
  async complete(
    values: NDArray,
    known: NDArray<"f32">,
    options: CompleteOptions,
  ): Promise<WeightedCompletions> {
    this.completer ??= new Completer(this.model, this.parameters, this.engine, this.chunk, this.tables);
    return this.completer.complete(values, known, options);
  }

  /** Frees the compiled graphs. */
  async release(): Promise<void> {
    await this.coder.release();
    for (const program of [this.scorer, this.bounder, this.sampler, this.tempered])
      await (await program)?.release();
    await this.completer?.release();
    await (await this.shallow)?.release();
    this.scorer = undefined;
    this.bounder = undefined;
    this.shallow = undefined;
    this.sampler = undefined;
    this.tempered = undefined;
    this.completer = undefined;
  }

  /** Draws rows `start` … `end` − 1: by a kernel if the model has one, else by the graph. */
  private async drawer(
    temperature: number,
    context: NDArray<"f32"> | undefined,
  ): Promise<(start: number, end: number, key: Key, lane: number) => Promise<DrawnArrays>> {
    const { model, parameters, engine } = this;
    const draws = model.autoregressive?.shallow;
    if (draws) {
      this.shallow ??= ShallowModel.make(model, draws, parameters, this.chunk, engine);
      const shallow = await this.shallow;
      return (start, end, key, lane) => shallow.draw(end - start, key, temperature, lane);
    }
    const { program, heat } = await this.samplerAt(temperature);
    return async (start, end, key) => {
      const feeds = [...contextRows(context, start, end), ...this.tables, ...heat];
      const [x, logProb] = await program.run(feeds, { keys: [key], batch: end - start });
      return { x: x as NDArray, logProb: (logProb as NDArray<"f32">).data };
    };
  }

  /** The sampler, and its further inputs: at temperature 1 the one that is exported. */
  private async samplerAt(temperature: number): Promise<{ program: Program; heat: NDArray<"f32">[] }> {
    const { model, parameters, engine } = this;
    const { sparse } = model;
    if (temperature === 1) {
      this.sampler ??= Program.compile(traceSampler(model, parameters, sparse), engine);
      return { program: await this.sampler, heat: [] };
    }
    this.tempered ??= Program.compile(traceSampler(model, parameters, sparse, { tempered: true }), engine);
    return { program: await this.tempered, heat: [arrayFrom("f32", [], [temperature])] };
  }

  /** Frees the compiled graphs, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }
}
