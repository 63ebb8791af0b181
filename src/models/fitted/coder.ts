import type { DType, NDArray } from "../../array.ts";
import { siteShape } from "../../data/space.ts";
import { inputError, stopIfAborted, usageError } from "../../error.ts";
import { keyOf } from "../../random/seed.ts";
import type { EngineOptions } from "../../runtime/engine.ts";
import { Program } from "../../runtime/program.ts";
import type { Traced } from "../../runtime/trace.ts";
import { modelRows, requireStates, storedRows } from "../arrays.ts";
import { type CodingModel, traceCodes, traceDecode, traceEncode } from "../coding-graphs.ts";
import { contextFloats } from "../context.ts";
import type { Coding, ModelBase, Parameters } from "../contract.ts";
import { contextRows, type DrawOptions, requireCount, rowsAtOnce } from "./handle.ts";

/** What encoding and decoding may be given. */
export type CodeOptions = Pick<DrawOptions, "context" | "onProgress" | "signal">;

/** What a handle of a model with codes offers besides. */
export interface Coded {
  /**
   * `[rows, ...sites]` as datasets store them → their codes, `[rows, ...sites of codes]`. Throws AnsatzError (input) for rows of another
   * shape, (usage) where the model needs a context that is not given.
   */
  encode(x: NDArray, options?: CodeOptions): Promise<NDArray>;
  /** Codes → the most probable or mean row of each, as datasets store them. Throws AnsatzError (input) for codes of another shape. */
  decode(codes: NDArray, options?: CodeOptions): Promise<NDArray>;
}

/** The part of a handle that knows the codes of a model; graphs are compiled when they are first asked for. */
export class Coder<P extends Parameters = Parameters> implements Coded {
  readonly #base: ModelBase<P>;
  readonly #parameters: P;
  readonly #engine: EngineOptions;
  readonly #programs = new Map<string, Promise<Program>>();

  constructor(model: ModelBase<P>, parameters: P, engine: EngineOptions) {
    this.#base = model;
    this.#parameters = parameters;
    this.#engine = engine;
  }

  /** See {@link Coded.encode}; throws AnsatzError (usage) for a model without codes. */
  async encode(x: NDArray, options: CodeOptions = {}): Promise<NDArray> {
    const model = this.#model;
    requireStates(model.space, x);
    const program = await this.#program("encode", traceEncode);
    return this.#chunks(x.shape[0] as number, options, "encoding", model.coding.codes, (start, end) =>
      program.run([modelRows(model.space, x, start, end), ...this.#context(options, x, start, end)]),
    );
  }

  /** See {@link Coded.decode}; throws AnsatzError (usage) for a model without codes. */
  async decode(codes: NDArray, options: CodeOptions = {}): Promise<NDArray> {
    const { coding, space } = this.#model;
    requireCodes(coding, codes);
    const program = await this.#program("decode", traceDecode);
    return this.#chunks(codes.shape[0] as number, options, "decoding", space, (start, end) =>
      program.run([modelRows(coding.codes, codes, start, end), ...this.#context(options, codes, start, end)]),
    );
  }

  /** Codes of `n` samples of the model; throws AnsatzError (usage) where its codes have no distribution. */
  async draw(n: number, options: DrawOptions = {}): Promise<NDArray> {
    requireCount(n);
    const model = this.#model;
    const context = contextFloats(model, options.context, n);
    const program = await this.#program("draw", (...of) => {
      const traced = traceCodes(...of);
      if (traced) return traced;
      throw usageError(
        `the codes of this ${model.family} have no distribution to draw from; fit it with one, such as --prior spline`,
      );
    });
    const key = keyOf(options);
    const chunk = rowsAtOnce(model.space, this.#base.rowsAtOnce);
    return this.#chunks(n, options, "sampling", model.coding.codes, (start, end) =>
      program.run(contextRows(context, start, end), {
        keys: [key.fold(start / chunk)],
        batch: end - start,
      }),
    );
  }

  /** Frees the compiled graphs. */
  async release(): Promise<void> {
    for (const program of this.#programs.values()) await (await program).release();
    this.#programs.clear();
  }

  get #model(): CodingModel<P> & { readonly coding: Coding<P> } {
    const model = this.#base;
    if (!model.coding) throw usageError(`a ${model.family} has no codes to encode to or decode from`);
    return model as ModelBase<P> & { readonly coding: Coding<P> };
  }

  #program(name: string, traced: (model: CodingModel<P>, parameters: P) => Traced): Promise<Program> {
    const known =
      this.#programs.get(name) ?? Program.compile(traced(this.#model, this.#parameters), this.#engine);
    this.#programs.set(name, known);
    return known;
  }

  #context({ context }: CodeOptions, { shape }: NDArray, start: number, end: number) {
    return contextRows(contextFloats(this.#base, context, shape[0] as number), start, end);
  }

  async #chunks(
    rows: number,
    { onProgress, signal }: CodeOptions,
    doing: string,
    space: Coding<P>["codes"],
    run: (start: number, end: number) => Promise<readonly NDArray<DType>[]>,
  ): Promise<NDArray> {
    const chunk = rowsAtOnce(this.#base.space, this.#base.rowsAtOnce);
    const parts: NDArray<DType>[] = [];
    for (let start = 0; start < rows; start += chunk) {
      stopIfAborted(signal, `${doing} was interrupted`);
      const end = Math.min(start + chunk, rows);
      const [part] = await run(start, end);
      parts.push(part as NDArray<DType>);
      onProgress?.(end, rows);
    }
    return storedRows(space, parts);
  }
}

/** Throws AnsatzError (input) unless an array holds codes of a model. */
function requireCodes({ codes }: Coding<never>, array: NDArray): void {
  const expected = siteShape(codes);
  const given = array.shape.slice(1);
  if (given.join() !== expected.join() || array.shape.length < 2)
    throw inputError(
      `codes of shape [${given.join(", ")}] given to a model whose codes have shape [${expected.join(", ")}]`,
    );
  requireStates(codes, array);
}
