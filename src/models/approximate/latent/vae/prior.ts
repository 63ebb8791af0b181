import type { Key } from "../../../../random/key.ts";
import { add, mul, normal, type SymbolicKey, square, sum, type Tensor } from "../../../../tensor/index.ts";
import type { Parameters, Symbolic } from "../../../contract.ts";

/** The distribution of latent variables before anything is seen, trained with the rest. */
export interface Prior<P extends Parameters = Parameters> {
  /** Number of its parameters. */
  readonly count: number;
  /** Whether it is the standard normal distribution, of which KL divergences have a closed form. */
  readonly standard: boolean;
  init(key: Key): P;
  /** log P(z), nats, `[batch]`. */
  logProb(parameters: Symbolic<P>, z: Tensor): Tensor;
  /** `rows` draws, `[rows, size]`. */
  draw(parameters: Symbolic<P>, key: SymbolicKey, rows: number, dtype: "f32" | "f64"): Tensor;
}

/** log N(z; 0, 1) of each row of `z: [batch, size]`, nats. */
export function logStandardNormal(z: Tensor): Tensor {
  const size = z.shape[1] as number;
  return mul(add(sum(square(z), 1), size * Math.log(2 * Math.PI)), -0.5);
}

/** The standard normal distribution of `size` variables. */
export const normalPrior = (size: number): Prior<Record<never, never>> => ({
  ...{ count: 0, standard: true },
  init: () => ({}),
  logProb: (_, z) => logStandardNormal(z),
  draw: (_, key, rows, dtype) => normal(key, [rows, size], dtype),
});
