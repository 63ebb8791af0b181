import {
  add,
  concat,
  cos,
  expandDims,
  log,
  mul,
  reshape,
  sin,
  type Tensor,
} from "../../../../tensor/index.ts";

/** Octaves of waves in t. */
const OCTAVES = 4;
/** The finest time that the logarithm of t tells apart. */
const FINEST = 0.01;

/** Numbers that {@link timeFeatures} gives of a time. */
export const TIME_FEATURES = 2 * OCTAVES + 1;

/** What networks read of times `[batch]`, `[batch, TIME_FEATURES]`: sines and cosines of t, and its logarithm near the data. */
export function timeFeatures(time: Tensor): Tensor {
  const t = expandDims(time, 1);
  const waves = Array.from({ length: OCTAVES }, (_, i) => mul(t, Math.PI * 2 ** i)).flatMap((angle) => [
    sin(angle),
    cos(angle),
  ]);
  const near = mul(add(log(add(t, FINEST)), 1), 0.5);
  return reshape(concat([...waves, near], 1), [time.shape[0] as number, TIME_FEATURES]);
}
