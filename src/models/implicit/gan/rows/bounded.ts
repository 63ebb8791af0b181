import { sizeOf } from "../../../../array.ts";
import {
  add,
  clip,
  div,
  expandDims,
  floor,
  log,
  mean,
  mul,
  reshape,
  type SymbolicKey,
  stopGradient,
  sub,
  type Tensor,
  tanh,
  uniform,
} from "../../../../tensor/index.ts";
import { oneOutput, type Rows } from "./rows.ts";

/** Means of the data stay this far inside the bounds, where the inverse of a hyperbolic tangent is finite. */
const INSIDE = 0.98;

/**
 * Real numbers between two bounds, read as numbers from −1 to 1, which generated ones are as hyperbolic tangents. Of grey `levels`
 * the discriminator reads any number inside the level, of data and of generated rows alike.
 */
export function boundedRows(
  shape: readonly number[],
  [low, high]: readonly [number, number],
  levels?: number,
): Rows {
  const sites = sizeOf(shape);
  const read = (x: Tensor) => sub(mul(sub(x, low), 2 / (high - low)), 1);
  const value = (t: Tensor) => add(mul(add(t, 1), (high - low) / 2), low);
  const level = (t: Tensor) => clip(floor(value(t)), 0, (levels as number) - 1);
  const row = (given: Tensor) => {
    const t = tanh(oneOutput(given));
    return levels === undefined ? clip(value(t), low, high) : add(level(t), 0.5);
  };
  return {
    ...{ features: 1, outputs: 1, count: 0 },
    init: () => ({}),
    read: (_, x) => expandDims(read(x), -1),
    fake(given, key: SymbolicKey) {
      const t = tanh(given);
      if (levels === undefined) return t;
      const within = read(add(level(t), uniform(key, t.shape, t.dtype as "f32")));
      return add(t, stopGradient(sub(within, t)));
    },
    row: (_, given) => row(given),
    centre: (_, given) => row(given),
    adapt(x) {
      const middle = clip(read(mean(x, 0)), -INSIDE, INSIDE);
      const start = mul(log(div(add(1, middle), sub(1, middle))), 0.5);
      return { units: {}, start: reshape(start, [sites, 1]) };
    },
  };
}
