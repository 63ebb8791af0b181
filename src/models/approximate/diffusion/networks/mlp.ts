import type { NDArray } from "../../../../array.ts";
import { sizeOf } from "../../../../array.ts";
import { glorotInit, zerosInit } from "../../../../nn/init.ts";
import type { Key } from "../../../../random/key.ts";
import { add, concat, cos, matmul, mul, reshape, silu, sin, type Tensor } from "../../../../tensor/index.ts";
import type { Symbolic } from "../../../contract.ts";
import type { TimeNetwork } from "./network.ts";
import { TIME_FEATURES, timeFeatures } from "./time-features.ts";

/** A weight `[inputs, outputs]` and a bias `[outputs]`. */
type Layer = { readonly weight: NDArray<"f32">; readonly bias: NDArray<"f32"> };

/** Parameters of {@link mlp}. */
export type MlpParameters = {
  readonly input: Layer;
  /** Two layers each; the first reads the time too. */
  readonly blocks: readonly {
    readonly first: Layer;
    readonly time: NDArray<"f32">;
    readonly second: Layer;
  }[];
  readonly output: Layer;
};

/** What {@link mlp} is made of. */
export interface MlpOptions {
  /** Shape of one row. */
  readonly shape: readonly number[];
  /** Units of every layer. */
  readonly width: number;
  /** Residual blocks of two layers. */
  readonly blocks: number;
  /** Numbers that are read of a context, 0 for none. */
  readonly contextSize: number;
}

/** Numbers of a row up to which waves of them are read too: in few dimensions densities have edges that smooth units learn late. */
const MOST_WAVES = 8;
/** Frequencies of these waves, radians a standard deviation. */
const FREQUENCIES = [2, 4, 8];

/** Dense layers that add to what is there, for tables and points of the plane; every block reads the time. */
export function mlp({ shape, width, blocks, contextSize }: MlpOptions): TimeNetwork<MlpParameters> {
  const sites = sizeOf(shape);
  const waves = sites <= MOST_WAVES ? FREQUENCIES : [];
  const inputs = 2 * sites * (1 + 2 * waves.length) + TIME_FEATURES + contextSize;
  const fresh = (key: Key, from: number, to: number): Layer => ({
    weight: glorotInit(key, from, to),
    bias: zerosInit([to]),
  });
  const through = (x: Tensor, { weight, bias }: Symbolic<Layer>) => add(matmul(x, weight), bias);
  return {
    count: (inputs + 1) * width + blocks * (2 * (width + 1) + TIME_FEATURES) * width + (width + 1) * sites,
    init: (key) => ({
      input: fresh(key.fold(0), inputs, width),
      blocks: Array.from({ length: blocks }, (_, i) => {
        const [first, time, second] = key.fold(1).fold(i).split(3) as [Key, Key, Key];
        return {
          first: fresh(first, width, width),
          time: glorotInit(time, TIME_FEATURES, width),
          second: fresh(second, width, width),
        };
      }),
      output: { weight: zerosInit([width, sites]), bias: zerosInit([sites]) },
    }),
    apply(p, z, time, context) {
      const batch = z.shape[0] as number;
      const features = timeFeatures(time);
      const flat = reshape(z, [batch, 2 * sites]);
      const angles = waves
        .map((frequency) => mul(flat, frequency))
        .flatMap((angle) => [sin(angle), cos(angle)]);
      const read = [flat, ...angles, features, ...(context ? [context] : [])];
      const start = silu(through(concat(read, 1), p.input));
      const top = p.blocks.reduce((below: Tensor, { first, time: weight, second }) => {
        const inner = silu(add(through(below, first), matmul(features, weight)));
        return add(below, through(inner, second));
      }, start);
      return reshape(through(silu(top), p.output), [batch, ...shape]);
    },
  };
}
