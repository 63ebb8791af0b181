import type { DType, NDArray } from "../array.ts";
import { siteShape } from "../data/space.ts";
import { AnsatzError, usageError } from "../error.ts";
import type { Key } from "../random/key.ts";
import type { EngineOptions } from "../runtime/engine.ts";
import { Program } from "../runtime/program.ts";
import { KEY, Spec, type Traced as TracedFunction, trace } from "../runtime/trace.ts";
import type { SymbolicKey } from "../tensor/ops/random.ts";
import { BATCH } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { leavesWithPaths } from "../tensor/tree.ts";
import { freeze, isArray, modelRows, requireRows, storedRows } from "./arrays.ts";
import { type ExactModel, inputType, type Parameters } from "./contract.ts";

/** Rows in one run of the graph: enough to keep the processor busy, few enough to stay in its caches. */
const CHUNK = 1000;

/** What {@link FittedExact.sample} may be given. */
export interface SampleOptions {
  /** Source of every random number; the same key gives the same samples. */
  readonly key: Key;
  /** `[n, contextSize]`: what each sample is conditioned on. */
  readonly context?: NDArray<"f32">;
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops between chunks with AnsatzError (interrupted). */
  readonly signal?: AbortSignal;
}

/**
 * The log-probability of an exact model as a graph over any batch: `x [batch, ...sites]` → `logprob [batch]`. Parameters
 * are constants of the graph; those at paths `fed` are inputs after the others instead, sorted by path.
 */
export function traceLogProb<P extends Parameters>(
  model: ExactModel<P>,
  parameters: P,
  fed: readonly string[] = [],
): TracedFunction {
  const f = (x: Tensor, context: Tensor | undefined, tables: Record<string, Tensor>) =>
    model.logProb(freeze(parameters, tables), x, context);
  const x = new Spec([BATCH, ...siteShape(model.space)], inputType(model.space));
  return rename(trace(f as never, [x, ...shared(model, parameters, fed)], ["x", "context", "table"]), [
    "logprob",
  ]);
}

/**
 * The sampler of an exact model as a graph over any batch: noise → `x [batch, ...sites]` and `logprob [batch]`; `fed` as
 * in {@link traceLogProb}.
 */
export function traceSampler<P extends Parameters>(
  model: ExactModel<P>,
  parameters: P,
  fed: readonly string[] = [],
): TracedFunction {
  const f = (key: SymbolicKey, context: Tensor | undefined, tables: Record<string, Tensor>) => {
    const { x, logProb } = model.sample(freeze(parameters, tables), key, context);
    return [x, logProb];
  };
  const specs = [KEY, ...shared(model, parameters, fed)];
  return rename(trace(f as never, specs, ["key", "context", "table"]), ["x", "logprob"]);
}

/** The types of what every graph of a model may be given: a context, and parameters that are fed. */
function shared(model: ExactModel, parameters: Parameters, fed: readonly string[]) {
  const context = model.contextSize > 0 ? new Spec([BATCH, model.contextSize]) : undefined;
  const tables = fedArrays(parameters, fed).map(([path, { shape }]) => [path, new Spec(shape)]);
  return [context, Object.fromEntries(tables)];
}

function fedArrays(parameters: Parameters, fed: readonly string[]): [string, NDArray<"f32">][] {
  return leavesWithPaths(parameters, isArray)
    .filter(([path]) => fed.includes(path))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function rename(traced: TracedFunction, names: readonly string[]): TracedFunction {
  return { ...traced, outputs: traced.outputs.map((o, i) => ({ ...o, name: names[i] as string })) };
}

/** An exact model with its parameters: arrays in, arrays out. */
export class FittedExact<P extends Parameters = Parameters> {
  readonly model: ExactModel<P>;
  readonly parameters: P;
  private readonly engine: EngineOptions;
  /** Large tables are read where they lie: as constants each graph would hold copies of them. */
  private readonly tables: readonly NDArray<"f32">[];
  private scorer: Promise<Program> | undefined;
  private sampler: Promise<Program> | undefined;

  constructor(model: ExactModel<P>, parameters: P, options: EngineOptions = {}) {
    this.model = model;
    this.parameters = parameters;
    // Without a count the engine's own default holds: a page has one count for all its graphs.
    this.tables = fedArrays(parameters, model.sparse ?? []).map(([, array]) => array);
    this.engine = options.threads === undefined ? {} : { threads: options.threads };
  }

  /**
   * log P of each row in nats; `x: [rows, ...sites]` as datasets store it. Throws AnsatzError (input) for rows of
   * another shape, or where the model needs a context that is not given.
   */
  async logProb(x: NDArray, context?: NDArray<"f32">): Promise<Float64Array> {
    requireRows(this.model.space, x);
    this.requireContext(context, x.shape[0] as number);
    this.scorer ??= Program.compile(
      traceLogProb(this.model, this.parameters, this.model.sparse),
      this.engine,
    );
    const program = await this.scorer;
    const rows = x.shape[0] as number;
    const out = new Float64Array(rows);
    for (let start = 0; start < rows; start += CHUNK) {
      const end = Math.min(start + CHUNK, rows);
      const chunk = modelRows(this.model.space, x, start, end);
      const [logProb] = await program.run([chunk, ...slices(context, start, end), ...this.tables]);
      out.set((logProb as NDArray<"f32">).data, start);
    }
    return out;
  }

  /** `n` independent samples `[n, ...sites]`, as datasets store them, each with its log-probability in nats. */
  async sample(n: number, options: SampleOptions): Promise<{ x: NDArray; logProb: Float64Array }> {
    if (!Number.isInteger(n) || n < 1)
      throw usageError(`the number of samples is a positive integer, not ${n}`);
    this.requireContext(options.context, n);
    this.sampler ??= Program.compile(
      traceSampler(this.model, this.parameters, this.model.sparse),
      this.engine,
    );
    const program = await this.sampler;
    const logProb = new Float64Array(n);
    const parts: NDArray<DType>[] = [];
    for (let start = 0; start < n; start += CHUNK) {
      if (options.signal?.aborted) throw new AnsatzError("interrupted", "sampling was interrupted");
      const end = Math.min(start + CHUNK, n);
      const [x, l] = await program.run([...slices(options.context, start, end), ...this.tables], {
        keys: [options.key.fold(start / CHUNK)],
        batch: end - start,
      });
      parts.push(x as NDArray<DType>);
      logProb.set((l as NDArray<"f32">).data, start);
      options.onProgress?.(end, n);
    }
    return { x: storedRows(this.model.space, parts), logProb };
  }

  /** Frees the compiled graphs. */
  async release(): Promise<void> {
    for (const program of [this.scorer, this.sampler]) await (await program)?.release();
    this.scorer = undefined;
    this.sampler = undefined;
  }

  private requireContext(context: NDArray<"f32"> | undefined, rows: number): void {
    const { contextSize, family } = this.model;
    if (contextSize === 0) return;
    if (context === undefined)
      throw usageError(`this ${family} is conditional: it needs ${contextSize} context values a row`);
    if (context.shape[0] !== rows || context.data.length !== rows * contextSize)
      throw usageError(`the context has shape [${context.shape}]; expected [${rows}, ${contextSize}]`);
  }
}

function slices(context: NDArray<"f32"> | undefined, start: number, end: number): NDArray<"f32">[] {
  if (context === undefined) return [];
  const width = context.data.length / (context.shape[0] as number);
  return [
    { dtype: "f32", shape: [end - start, width], data: context.data.slice(start * width, end * width) },
  ];
}

/** A model with its parameters, as its likelihood kind allows it to be used. */
export function fitted<P extends Parameters>(
  model: ExactModel<P>,
  parameters: P,
  options: EngineOptions = {},
): FittedExact<P> {
  return new FittedExact(model, parameters, options);
}
