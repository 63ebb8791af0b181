import { type NDArray, ndarray } from "../../../array.ts";
import type { Key } from "../../../random/key.ts";
import { normal } from "../../../random/normal.ts";
import {
  add,
  div,
  matmul,
  reshape,
  sqrt,
  square,
  stopGradient,
  sum,
  type Tensor,
  transpose,
} from "../../../tensor/index.ts";
import { isTensor } from "../../../tensor/tensor.ts";
import { leavesWithPaths, mapTree } from "../../../tensor/tree.ts";
import { isArray } from "../../arrays.ts";
import type { Parameters, State, Stored, Symbolic } from "../../contract.ts";

/** Away from the length 0. */
const TINY = 1e-12;
/** Iterations at the end, from vectors that have followed the weights. */
const SETTLING = 20;

const nameOf = (path: string) => `spectral.${path}`;
const isWeight = (path: string, { shape }: { readonly shape: readonly number[] }) =>
  path.endsWith("weight") && shape.length > 1;
/** A weight as a matrix: inputs × outputs of a layer, outputs × taps of a convolution. */
const matrixShape = (shape: readonly number[]): [number, number] => [
  shape[0] as number,
  shape.slice(1).reduce((a, b) => a * b, 1),
];
const unit = (v: Tensor) => div(v, sqrt(add(sum(square(v)), TINY)));

/** A random direction for each weight: the left singular vectors of the first step, kept from step to step. */
export function spectralState(parameters: Parameters, key: Key): Stored {
  const weights = leavesWithPaths(parameters, isArray).filter(([path, array]) => isWeight(path, array));
  return Object.fromEntries(
    weights.map(([path, { shape }], i) => {
      const rows = shape[0] as number;
      return [nameOf(path), ndarray("f32", [rows], normal(key.fold(i), rows, "f32"))];
    }),
  );
}

/**
 * Weights divided by their largest singular values, which follow them by one power iteration an update (Miyato et al.,
 * arXiv:1802.05957, algorithm 1); the gradient takes the singular vectors as given. Returns the vectors as they go on, too.
 */
export function spectrallyNormalised<P extends Parameters>(
  parameters: Symbolic<P>,
  state: State,
): { readonly parameters: Symbolic<P>; readonly state: State } {
  const moved: Record<string, Tensor> = {};
  const divided = mapTree(parameters, isTensor, (weight, path) => {
    if (!isWeight(path, weight as never)) return weight;
    const [rows, columns] = matrixShape(weight.shape as readonly number[]);
    const matrix = reshape(weight, [rows, columns]);
    const fixed = stopGradient(matrix);
    const before = reshape(state[nameOf(path)] as Tensor, [1, rows]);
    const right = unit(matmul(before, fixed));
    const left = unit(matmul(right, transpose(fixed)));
    moved[nameOf(path)] = reshape(left, [rows]);
    const value = sum(matmul(matmul(stopGradient(left), matrix), transpose(stopGradient(right))));
    return div(weight, value);
  }) as Symbolic<P>;
  return { parameters: divided, state: moved };
}

/** The largest singular value of `[rows, columns]` by power iterations from a left vector. */
export function largestSingularValue(
  { data, shape }: Pick<NDArray<"f32">, "data" | "shape">,
  start: ArrayLike<number>,
  iterations = SETTLING,
): number {
  const [rows, columns] = matrixShape(shape);
  let left = Float64Array.from(start);
  let value = 0;
  for (let k = 0; k < iterations; k++) {
    const right = new Float64Array(columns);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) right[j]! += left[i]! * data[i * columns + j]!;
    const length = Math.hypot(...right) || 1;
    const next = new Float64Array(rows);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) next[i]! += (right[j]! / length) * data[i * columns + j]!;
    value = Math.hypot(...next);
    left = next.map((v) => v / (value || 1));
  }
  return value;
}

/** Weights divided by their largest singular values, on the host: those that are kept once training looks at them. */
export function spectrallySettled<P extends Parameters>(parameters: P, state: Stored): P {
  return mapTree(parameters, isArray, (weight, path) => {
    const start = state[nameOf(path)];
    if (!start || !isWeight(path, weight)) return weight;
    const value = largestSingularValue(weight as NDArray<"f32">, start.data);
    return ndarray(
      "f32",
      weight.shape,
      (weight.data as Float32Array).map((v) => v / value),
    );
  }) as P;
}
