import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect } from "vitest";
import { type NDArray, sizeOf } from "../../src/array.ts";
import type { Space } from "../../src/data/space.ts";
import { modelRows } from "../../src/models/arrays.ts";
import { inputType } from "../../src/models/contract.ts";
import { Key } from "../../src/random/key.ts";
import { normal } from "../../src/random/normal.ts";
import { uniform } from "../../src/random/uniform.ts";
import type { Traced } from "../../src/runtime/trace.ts";

/** Random numbers for each of a graph's noise inputs, as its file describes them. */
export function noiseOf({ noise }: Traced, rows: number, seed = 100): Record<string, Tensor> {
  return Object.fromEntries(
    noise.map(({ name, tensor, draw }, i) => {
      const shape = tensor.shape.map((n) => (n < 0 ? -n * rows : n));
      const random = draw.distribution === "uniform" ? uniform : normal;
      return [name, new Tensor("float32", random(Key.fromSeed(seed).fold(i), sizeOf(shape), "f32"), shape)];
    }),
  );
}

/** Rows of a dataset as an exported graph takes them. */
export function rowsFeed(space: Space, x: NDArray): { x: Tensor } {
  const { data, shape } = modelRows(space, x, 0, x.shape[0] as number);
  const type = inputType(space) === "i32" ? "int32" : "float32";
  return { x: new Tensor(type, data as Float32Array, shape) };
}

/** Runs the bytes of an exported graph by ONNX Runtime alone; its inputs are those that are fed, by name. */
export async function runOnnx(
  bytes: Uint8Array,
  feeds: Record<string, Tensor>,
): Promise<Record<string, Tensor>> {
  const session = await InferenceSession.create(bytes);
  expect([...session.inputNames].sort()).toEqual(Object.keys(feeds).sort());
  const outputs = await session.run(feeds);
  await session.release();
  return outputs as Record<string, Tensor>;
}
