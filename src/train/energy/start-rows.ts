import { sizeOf } from "../../array.ts";
import { gatherRows } from "../../data/batches.ts";
import type { Dataset } from "../../data/dataset.ts";
import { siteShape } from "../../data/space.ts";
import type { Key } from "../../random/key.ts";
import { permutation } from "../../random/permutation.ts";

/** `count` training rows at random, each as often as any other, for chains to start from: `[count · sites]`. */
export function startRows({ x, splits, space }: Dataset, count: number, key: Key): Float32Array {
  const { train } = splits;
  const order = permutation(key, train.length);
  const rows = Uint32Array.from(
    { length: count },
    (_, i) => train[order[i % train.length] as number] as number,
  );
  const out = new Float32Array(count * sizeOf(siteShape(space)));
  gatherRows(x, rows, out);
  return out;
}
