import { allocate, type NDArray, ndarray, sizeOf } from "../../../array.ts";
import { numbers } from "../../../data/values.ts";
import type { Key } from "../../../random/key.ts";
import { stream } from "../../../random/stream.ts";

/**
 * Returns rows with independent sites: each takes the value that this site has in some row of `x`, drawn at
 * random.
 */
export function independentSites(x: NDArray, rows: number, key: Key): NDArray {
  const width = sizeOf(x.shape.slice(1));
  const count = x.shape[0] as number;
  const values = numbers(x);
  const random = stream(key);
  const out = allocate(x.dtype, rows * width) as Float32Array;
  for (let i = 0; i < out.length; i++) out[i] = values[random.below(count) * width + (i % width)] as number;
  return ndarray(x.dtype, [rows, ...x.shape.slice(1)], out as never);
}
