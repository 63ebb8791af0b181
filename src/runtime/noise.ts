import { type DType, type NDArray, sizeOf } from "../array.ts";
import { usageError } from "../error.ts";
import type { Key } from "../random/key.ts";
import { normal } from "../random/normal.ts";
import { uniform } from "../random/uniform.ts";
import type { Draw } from "../tensor/ops/random.ts";
import { resolveShape } from "../tensor/shape.ts";

/** The concrete key for a draw's symbolic key. */
function follow(keys: readonly Key[], { key }: Draw): Key {
  const start = keys[key.argument];
  if (start === undefined) throw usageError("a graph that draws noise was called without its key");
  return key.path.reduce(
    (k, step) => (step[0] === "fold" ? k.fold(step[1]) : (k.split(step[1])[step[2]] as Key)),
    start,
  );
}

/** The noise of one draw from the keys of a call. */
export function drawNoise(draw: Draw, keys: readonly Key[], batch: number | undefined): NDArray<DType> {
  const shape = resolveShape(draw.shape, batch);
  const generate = draw.distribution === "uniform" ? uniform : normal;
  const dtype = draw.dtype === "f64" ? "f64" : "f32";
  return { dtype, shape, data: generate(follow(keys, draw), sizeOf(shape), dtype) } as NDArray<DType>;
}
