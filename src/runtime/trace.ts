import { type DType, isNDArray, type NDArray } from "../array.ts";
import { usageError } from "../error.ts";
import { Key } from "../random/key.ts";
import { nodesOf } from "../tensor/graph.ts";
import { type Draw, noiseOperation, SymbolicKey } from "../tensor/ops/random.ts";
import { input, inputOperation, isTensor, Tensor, type TensorType } from "../tensor/tensor.ts";
import { leavesWithPaths, type MapLeaves, mapTree } from "../tensor/tree.ts";
import { simplify } from "./simplify.ts";

/** Placeholder of a key in the arguments of {@link trace}. */
export const KEY: unique symbol = Symbol("key");

/** The type of a tensor to come, as an argument of {@link trace}. */
export class Spec implements TensorType {
  /** The size of each axis. */
  readonly shape: readonly number[];
  /** The element type (default `f32`). */
  readonly dtype: DType;
  constructor(shape: readonly number[], dtype: DType = "f32") {
    this.shape = shape;
    this.dtype = dtype;
  }
}

/** An argument leaf of a function to trace. */
export type SpecLeaf = Spec | typeof KEY;

/** A function as a graph. */
export interface Traced<R = unknown> {
  /** Free variables in order, one for each {@link Spec} of the arguments; unused ones are present too. */
  readonly inputs: readonly { readonly name: string; readonly tensor: Tensor }[];
  /** Noise the graph needs, one input each. */
  readonly noise: readonly { readonly name: string; readonly tensor: Tensor; readonly draw: Draw }[];
  /** Leaves of the result in order, each with its own name. */
  readonly outputs: readonly { readonly name: string; readonly tensor: Tensor }[];
  /** The function's result with tensors for leaves. */
  readonly result: R;
}

const isSpecLeaf = (value: unknown): value is SpecLeaf => value instanceof Spec || value === KEY;

declare const seen: unique symbol;

/**
 * A tree of {@link Spec} that a traced function sees as `T`, for trees with a shape known only at run time.
 */
export interface SpecTree<T> {
  readonly [seen]: T;
}

/** Arguments as the traced function sees them. */
export type TracedArguments<S> = S extends typeof KEY
  ? SymbolicKey
  : S extends Spec
    ? Tensor
    : S extends SpecTree<infer T>
      ? T
      : S extends object
        ? { -readonly [K in keyof S]: TracedArguments<S[K]> }
        : S;

/**
 * Runs a function once on symbolic arguments: `specs` has one tree per argument, with a {@link Spec} for each
 * tensor and {@link KEY} for each key. `names` gives the arguments' names in the graph.
 */
export function trace<const S extends readonly unknown[], R>(
  f: (...args: TracedArguments<S> extends infer A extends unknown[] ? A : never) => R,
  specs: S,
  names: readonly string[] = [],
): Traced<R> {
  const inputs: { name: string; tensor: Tensor }[] = [];
  let keys = 0;
  const args = specs.map((spec, i) =>
    mapTree(spec, isSpecLeaf, (leaf, path) => {
      if (leaf === KEY) return new SymbolicKey(keys++);
      const name = [names[i] ?? `argument${i}`, path].filter((part) => part !== "").join(".");
      const tensor = input(leaf, name);
      inputs.push({ name, tensor });
      return tensor;
    }),
  );
  const result = f(...(args as never));
  const found = leavesWithPaths(result, isTensor);
  if (found.length === 0) throw usageError("a traced function must return at least one tensor");
  const outputs = simplify(found.map(([, t]) => t));
  const order = nodesOf(outputs);
  const known = new Set(inputs.map((i) => i.tensor.node));
  const stray = order.find((n) => n.operation === inputOperation && !known.has(n));
  if (stray) throw usageError("a tensor was used outside the function it belongs to");
  const noise = order
    .filter((n) => n.operation === noiseOperation)
    .map((n, i) => {
      const draw = n.attributes as Draw;
      return { name: `noise${i}_${draw.distribution}`, tensor: n.outputs[0] as Tensor, draw };
    });
  const named = found.map(([path], i) => ({
    name: `result${path === "" ? "" : `.${path}`}`,
    tensor: outputs[i] as Tensor,
  }));
  return { inputs, noise, outputs: named, result };
}

const isLeaf = (value: unknown): value is NDArray<DType> | Key | number => {
  if (value instanceof Tensor)
    throw usageError(
      "a compiled function was given a symbolic tensor; inside a traced function call the plain one",
    );
  return typeof value === "number" || value instanceof Key || isNDArray(value);
};

/** The leaves of concrete arguments: arrays, keys and numbers (taken as f32 scalars). */
export function argumentLeaves(args: unknown): (NDArray<DType> | Key | number)[] {
  return leavesWithPaths(args, isLeaf).map(([, leaf]) => leaf);
}

/** Concrete arguments with every leaf mapped. */
export function mapArguments<M>(
  args: unknown,
  map: (leaf: NDArray<DType> | Key | number, path: string) => M,
) {
  return mapTree(args, isLeaf, map) as MapLeaves<unknown, unknown, M>;
}
