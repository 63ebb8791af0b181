import { type NDArray, ndarray, sizeOf } from "../array.ts";
import type { Key } from "../random/key.ts";
import { uniform } from "../random/uniform.ts";

/** Parameters that are all zero. */
export function zerosInit(shape: readonly number[]): NDArray<"f32"> {
  return ndarray("f32", shape);
}

/** Uniform on [−limit, limit). */
export function uniformInit(key: Key, shape: readonly number[], limit: number): NDArray<"f32"> {
  const draws = uniform(key, sizeOf(shape), "f32");
  // In place, without a call an element: a table may have 10⁸ of them.
  for (let i = 0; i < draws.length; i++) draws[i] = (2 * (draws[i] as number) - 1) * limit;
  return ndarray("f32", shape, draws);
}

/** Uniform with variance 2/(inputs + outputs) for a weight `[inputs, outputs]` (Glorot & Bengio 2010, equation 16). */
export function glorotInit(key: Key, inputs: number, outputs: number): NDArray<"f32"> {
  return uniformInit(key, [inputs, outputs], Math.sqrt(6 / (inputs + outputs)));
}
