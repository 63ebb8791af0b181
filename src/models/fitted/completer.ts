import { arrayFrom, type DType, type NDArray, ndarray } from "../../array.ts";
import { usageError } from "../../error.ts";
import { inversePermutation } from "../../random/permutation.ts";
import { keyOf, type SeedOrKey } from "../../random/seed.ts";
import type { EngineOptions } from "../../runtime/engine.ts";
import { Program } from "../../runtime/program.ts";
import { modelRows, requireRows, storedRows } from "../arrays.ts";
import { contextFloats } from "../context.ts";
import type { ExactModel, Parameters } from "../contract.ts";
import { traceCompleter } from "../graphs.ts";
import { checkTemperature, contextRows, rowsInRange } from "./handle.ts";

/** What {@link FittedExact.complete} is asked for. */
export interface CompleteOptions extends SeedOrKey {
  /** Particles a row. */
  readonly particles: number;
  /** Which of the model's orders to visit the sites in (default 0). */
  readonly member?: number;
  /** An order of the caller's own, the site at each position, for models that take any. */
  readonly order?: Uint32Array;
  /** `[rows, ...]`, rows of the model's context space. */
  readonly context?: NDArray;
  /** Divides the logits of drawn sites (default 1). */
  readonly temperature?: number;
}

/** Particles of completions with their weights; see {@link FittedExact.complete}. */
export interface WeightedCompletions {
  /** `[rows · particles, ...sites]`, the particles of a row one after the other. */
  readonly x: NDArray;
  /** Logarithm of the weight of each particle. */
  readonly logWeight: Float64Array;
  /** The least effective sample size that the particle's row had on the way. */
  readonly leastEss: Float64Array;
}

/** Completions by the conditionals of a model, with graphs that are compiled on first use. */
export class Completer<P extends Parameters> {
  private readonly model: ExactModel<P>;
  private readonly parameters: P;
  private readonly engine: EngineOptions;
  /** Rows in one run of the graph. */
  private readonly chunk: number;
  /** Large tables of parameters, which graphs are fed. */
  private readonly tables: readonly NDArray<"f32">[];
  private readonly completers = new Map<string, Promise<Program>>();

  constructor(
    model: ExactModel<P>,
    parameters: P,
    engine: EngineOptions,
    chunk: number,
    tables: readonly NDArray<"f32">[],
  ) {
    this.model = model;
    this.parameters = parameters;
    this.engine = engine;
    this.chunk = chunk;
    this.tables = tables;
  }

  /** See {@link FittedExact.complete}. */
  async complete(
    values: NDArray,
    known: NDArray<"f32">,
    options: CompleteOptions,
  ): Promise<WeightedCompletions> {
    const { space, autoregressive, family } = this.model;
    if (!autoregressive) throw usageError(`${family} has no conditionals to draw unknown sites from`);
    const { particles, member = 0, order, temperature } = options;
    const key = keyOf(options);
    if (temperature !== undefined) checkTemperature(temperature);
    if (order && !autoregressive.anyOrder) throw usageError(`${family} was not trained on random orders`);
    requireRows(space, values);
    requireRows(space, known);
    const rows = values.shape[0] as number;
    const context = contextFloats(this.model, options.context, rows);
    const name = [order ? "own" : member, particles, temperature !== undefined].join();
    let compiled = this.completers.get(name);
    if (!compiled) {
      const ownOrder = order !== undefined;
      compiled = Program.compile(
        traceCompleter(this.model, this.parameters, this.model.sparse ?? [], {
          ...{ particles, member, ownOrder, tempered: temperature !== undefined },
        }),
        this.engine,
      );
      this.completers.set(name, compiled);
    }
    const program = await compiled;
    const chunk = Math.max(1, Math.floor(this.chunk / particles));
    const parts: NDArray<DType>[] = [];
    const logWeight = new Float64Array(rows * particles);
    const leastEss = new Float64Array(rows * particles);
    for (let start = 0; start < rows; start += chunk) {
      const end = Math.min(start + chunk, rows);
      const [x, w, least] = await program.run(
        [
          modelRows(space, values, start, end),
          rowsInRange(known, start, end),
          ...contextRows(context, start, end),
          ...this.tables,
          ...(temperature !== undefined ? [arrayFrom("f32", [], [temperature])] : []),
          ...(order ? orderArrays(order) : []),
        ],
        { keys: [key.fold(start / chunk)], batch: end - start },
      );
      parts.push(x as NDArray<DType>);
      logWeight.set((w as NDArray<"f32">).data, start * particles);
      leastEss.set((least as NDArray<"f32">).data, start * particles);
    }
    return { x: storedRows(space, parts), logWeight, leastEss };
  }

  /** Frees the compiled graphs. */
  async release(): Promise<void> {
    for (const program of this.completers.values()) await (await program).release();
    this.completers.clear();
  }
}

function orderArrays(sites: Uint32Array): NDArray<"i32">[] {
  // Sorted by name, as the leaves of a tree are.
  return [inversePermutation(sites), sites]
    .map((order) => Int32Array.from(order))
    .map((data) => ndarray("i32", [data.length], data));
}
