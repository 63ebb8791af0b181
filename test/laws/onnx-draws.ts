import { Tensor } from "onnxruntime-node";
import type { Key } from "../../src/random/key.ts";
import { drawNoise } from "../../src/runtime/noise.ts";
import type { Traced } from "../../src/runtime/trace.ts";

/** The noise that the library draws for a graph from a key, as its file takes it. */
export function noiseFrom({ noise }: Traced, key: Key, batch: number): Record<string, Tensor> {
  return Object.fromEntries(
    noise.map(({ name, tensor, draw }) => {
      const { data, shape } = drawNoise({ ...draw, shape: tensor.shape }, [key], batch);
      return [name, new Tensor("float32", data as Float32Array, shape)];
    }),
  );
}
