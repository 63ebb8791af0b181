import { type DType, isNDArray, type NDArray, sizeOf } from "../array.ts";
import { gatherRows } from "../data/batches.ts";
import { admits, rule } from "../data/check.ts";
import { belowLevels } from "../data/levels.ts";
import { levelCount, type Space, siteShape, stateCount, storageOf } from "../data/space.ts";
import { inputError, usageError } from "../error.ts";
import { Spec, type SpecTree } from "../runtime/trace.ts";
import { constant } from "../tensor/ops/constant.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { mapTree } from "../tensor/tree.ts";
import { inputType, type Parameters, type Symbolic } from "./contract.ts";

/** True for a parameter: a leaf of a model's tree, which holds single precision alone. */
export const isArray = isNDArray as (value: unknown) => value is NDArray<"f32">;

/**
 * Parameters as constants of a traced function: the runtime then stores and pre-packs them. Those at the paths of `fed`
 * are the tensors there instead.
 */
export function freeze<P extends Parameters>(
  parameters: P,
  fed: Readonly<Record<string, Tensor>> = {},
): Symbolic<P> {
  return mapTree(parameters, isArray, (array, path) => fed[path] ?? constant(array)) as Symbolic<P>;
}

/** Returns the specs by which a traced function takes parameters: their tree, with the shape of each. */
export function specsOf<P extends Parameters>(parameters: P): SpecTree<Symbolic<P>> {
  const specs: unknown = mapTree(parameters, isArray, ({ shape }) => new Spec(shape));
  return specs as SpecTree<Symbolic<P>>;
}

/** Rows `start` … `end` − 1 of a dataset's array in the element type a model takes. */
export function modelRows(space: Space, x: NDArray, start: number, end: number): NDArray<DType> {
  const dtype = inputType(space);
  const shape = [end - start, ...siteShape(space)];
  const rows = Uint32Array.from({ length: end - start }, (_, i) => start + i);
  const data = dtype === "i32" ? new Int32Array(sizeOf(shape)) : new Float32Array(sizeOf(shape));
  gatherRows(x, rows, data);
  return { data, shape, dtype } as NDArray<DType>;
}

/**
 * Configurations as datasets store them, from what a model draws. Throws AnsatzError (usage) for a draw that is no state of a
 * discrete space, which storage would round or wrap.
 */
export function storedRows(space: Space, parts: readonly NDArray<DType>[]): NDArray {
  const dtype = storageOf(space);
  const rows = parts.reduce((total, part) => total + (part.shape[0] as number), 0);
  const shape = [rows, ...siteShape(space)];
  const size = sizeOf(shape);
  const data =
    dtype === "u8" ? new Uint8Array(size) : dtype === "i32" ? new Int32Array(size) : new Float32Array(size);
  let offset = 0;
  for (const part of parts) {
    data.set(part.data as Float32Array, offset);
    const odd = noState(space, part.data);
    if (odd !== undefined) throw usageError(`the model's sampler returns ${odd}; ${rule(space)}`);
    offset += part.data.length;
  }
  // A sample may be rounded up to the end of the interval, where no level is.
  const levels = levelCount(space);
  if (levels !== undefined) {
    const last = belowLevels(levels);
    for (let i = 0; i < data.length; i++) data[i] = Math.min(data[i] as number, last);
  }
  return { data, shape, dtype } as NDArray;
}

/** The first value that is no state of a discrete space; undefined if all are, or if the space is of real numbers. */
function noState(space: Space, values: ArrayLike<number | bigint | boolean>): number | undefined {
  if (stateCount(space) === undefined) return undefined;
  const admitted = admits(space);
  for (let i = 0; i < values.length; i++) if (!admitted(Number(values[i]))) return Number(values[i]);
  return undefined;
}

/** As {@link requireRows}, and throws for a value that is no state of a discrete space: the likelihood would mean nothing. */
export function requireStates(space: Space, x: NDArray): void {
  requireRows(space, x);
  const odd = noState(space, x.data);
  if (odd !== undefined) throw inputError(`rows with the value ${odd} given to a model; ${rule(space)}`);
}

/** Throws unless `x` holds rows of the space's shape. */
export function requireRows(space: Space, x: NDArray): void {
  const expected = siteShape(space);
  if (x.shape.length !== expected.length + 1 || expected.some((n, i) => n !== x.shape[i + 1]))
    throw inputError(
      `rows of shape [${x.shape.slice(1)}] given to a model of configurations of shape [${expected}]`,
    );
}
