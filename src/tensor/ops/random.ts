import { usageError } from "../../error.ts";
import type { Shape } from "../shape.ts";
import { apply, input, type Operation, type Tensor, type TensorType } from "../tensor.ts";

/** One step from a key to one of its children: `["split", n, i]` or `["fold", i]`. */
export type KeyStep = readonly ["split", number, number] | readonly ["fold", number];

/**
 * A key inside a traced function: it represents the concrete key given at the call and remembers how it was
 * derived from it, so that the runtime can draw the same noise outside the graph.
 */
export class SymbolicKey {
  /** Position of the concrete key among the keys of the call. */
  readonly argument: number;
  /** The splits and folds that lead from the concrete key to this one; empty for the concrete key itself. */
  readonly path: readonly KeyStep[];

  constructor(argument: number, path: readonly KeyStep[] = []) {
    this.argument = argument;
    this.path = path;
  }

  /** `n` independent keys. */
  split(n = 2): SymbolicKey[] {
    return Array.from(
      { length: n },
      (_, i) => new SymbolicKey(this.argument, [...this.path, ["split", n, i]]),
    );
  }

  /** The key of the i-th of arbitrarily many uses. */
  fold(i: number): SymbolicKey {
    if (!Number.isSafeInteger(i) || i < 0) throw usageError(`fold: ${i} is not a non-negative integer`);
    return new SymbolicKey(this.argument, [...this.path, ["fold", i]]);
  }
}

/** A request for noise from the runtime: a distribution, a key, a shape and an element type. */
export interface Draw extends TensorType {
  readonly distribution: "uniform" | "normal";
  readonly key: SymbolicKey;
}

export const noiseOperation: Operation<Draw> = {
  name: "noise",
  infer: (_, { shape, dtype }) => [{ shape, dtype }],
  derivative: () => [],
};

/** Draws made while a loop's body is traced: each becomes an input of the body, fresh at every step. */
export interface LoopScope {
  readonly draws: { readonly parameter: Tensor; readonly draw: Draw }[];
}

const loops: LoopScope[] = [];

/** Runs `trace` as the body of a loop, collecting its draws. */
export function insideLoop<T>(trace: () => T): { result: T; draws: LoopScope["draws"] } {
  const scope: LoopScope = { draws: [] };
  loops.push(scope);
  try {
    return { result: trace(), draws: scope.draws };
  } finally {
    loops.pop();
  }
}

/** Noise fed from the key's stream: an input of the graph, or of the enclosing loop's every step. */
export function draw(request: Draw): Tensor {
  const scope = loops.at(-1);
  if (scope === undefined) return apply(noiseOperation, [], request);
  const parameter = input(request);
  scope.draws.push({ parameter, draw: request });
  return parameter;
}

/** Independent uniform numbers in [0, 1). The same key and shape give the same numbers. */
export function uniform(key: SymbolicKey, shape: Shape, dtype: "f32" | "f64" = "f32"): Tensor {
  return draw({ distribution: "uniform", key, shape, dtype });
}

/** Independent standard normal numbers. The same key and shape give the same numbers. */
export function normal(key: SymbolicKey, shape: Shape, dtype: "f32" | "f64" = "f32"): Tensor {
  return draw({ distribution: "normal", key, shape, dtype });
}
