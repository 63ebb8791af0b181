import { arrayFrom, type DType, type NDArray } from "../array.ts";
import { usageError } from "../error.ts";
import { Key } from "../random/key.ts";
import type { SymbolicKey } from "../tensor/ops/random.ts";
import { BATCH } from "../tensor/shape.ts";
import { isTensor, type Tensor } from "../tensor/tensor.ts";
import { type MapLeaves, mapTree } from "../tensor/tree.ts";
import type { EngineOptions } from "./engine.ts";
import { Program } from "./program.ts";
import { argumentLeaves, KEY, mapArguments, Spec, trace } from "./trace.ts";

/** Options of {@link jit}. */
export interface JitOptions extends EngineOptions {
  /**
   * Positions of the arguments with arrays that have the batch as first axis: one graph then serves every
   * batch size.
   */
  readonly batch?: readonly number[];
}

/**
 * Type of a call's argument for each argument of the traced function: arrays (or numbers) for tensors, keys
 * for keys.
 */
export type Concrete<T> = T extends Tensor
  ? NDArray<DType> | number
  : T extends SymbolicKey
    ? Key
    : T extends object
      ? { [K in keyof T]: Concrete<T[K]> }
      : T;

/** Result of a call: arrays where the traced function returns tensors. */
export type Arrays<R> = MapLeaves<R, Tensor, NDArray<DType>>;

/** A compiled function; `batch` gives the batch size if no argument shows it. */
export interface Jitted<A extends unknown[], R> {
  (...args: { [K in keyof A]: Concrete<A[K]> }): Promise<Arrays<R>>;
  /** Frees every compiled graph. */
  release(): Promise<void>;
}

/**
 * Compiles a function of trees of tensors: at the first call with arguments of given shapes and element types it is
 * traced, simplified and lowered to one graph; later calls reuse it. Throws what the function's operations throw.
 */
export function jit<A extends unknown[], R>(f: (...args: A) => R, options: JitOptions = {}): Jitted<A, R> {
  const programs = new Map<string, Promise<Program>>();
  const jitted = async (...args: unknown[]): Promise<Arrays<R>> => {
    const batched = new Set(options.batch ?? []);
    const specs = args.map((arg, i) =>
      mapArguments(arg, (leaf) => {
        if (leaf instanceof Key) return KEY;
        if (typeof leaf === "number") return new Spec([]);
        if (!batched.has(i)) return new Spec(leaf.shape, leaf.dtype);
        if (leaf.shape.length === 0) throw usageError(`argument ${i} leads with the batch, but is a scalar`);
        return new Spec([BATCH, ...leaf.shape.slice(1)], leaf.dtype);
      }),
    );
    const signature = JSON.stringify(specs, (_, value) => (value === KEY ? "key" : value));
    let program = programs.get(signature);
    if (program === undefined) {
      program = Program.compile(
        trace((...traced: unknown[]) => f(...(traced as A)), specs),
        options,
      );
      programs.set(signature, program);
      program.catch(() => programs.delete(signature));
    }
    const leaves = argumentLeaves(args);
    const arrays = leaves.filter((leaf) => !(leaf instanceof Key));
    const { traced, run } = await program.then((p) => ({ traced: p.traced, run: p.run.bind(p) }));
    const results = await run(
      arrays.map((leaf) =>
        typeof leaf === "number" ? arrayFrom("f32", [], [leaf]) : (leaf as NDArray<DType>),
      ),
      { keys: leaves.filter((leaf) => leaf instanceof Key) },
    );
    let i = 0;
    return mapTree(traced.result, isTensor, () => results[i++]) as Arrays<R>;
  };
  const release = async () => {
    for (const program of programs.values()) await (await program).release();
    programs.clear();
  };
  return Object.assign(jitted, { release }) as Jitted<A, R>;
}
