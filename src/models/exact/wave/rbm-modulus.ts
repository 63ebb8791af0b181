import { arrayFrom, ndarray } from "../../../array.ts";
import { binary } from "../../../data/space.ts";
import { uniformInit, zerosInit } from "../../../nn/init.ts";
import type { Key } from "../../../random/key.ts";
import {
  add,
  cast,
  constant,
  cumsum,
  exp,
  expandDims,
  gather,
  greaterEqual,
  logSumExp,
  matmul,
  minimum,
  reshape,
  softplus,
  sub,
  sum,
  type Tensor,
  uniform,
} from "../../../tensor/index.ts";
import { BATCH } from "../../../tensor/shape.ts";
import { isTensor } from "../../../tensor/tensor.ts";
import { leaves } from "../../../tensor/tree.ts";
import type { Parameters, Symbolic } from "../../contract.ts";
import type { StateParts } from "./network-state.ts";

/** A restricted Boltzmann machine: biases of bits `[N]` and of hidden units `[M]`, weights `[N, M]`. */
export type RbmLayer = Parameters & {
  readonly visible: ReturnType<typeof zerosInit>;
  readonly hidden: ReturnType<typeof zerosInit>;
  readonly weight: ReturnType<typeof zerosInit>;
};

/** Fresh weights are so small that all amplitudes are nearly alike: larger ones start in a wrong valley. */
export const smallest = 0.02;

/** Fresh parameters of `bits` bits and `units` hidden units. */
export function initRbm(key: Key, bits: number, units: number): RbmLayer {
  return {
    visible: zerosInit([bits]),
    hidden: zerosInit([units]),
    weight: uniformInit(key, [bits, units], smallest * Math.sqrt(3)),
  };
}

/** −E(v) = b·v + Σ softplus(c + Wv) of rows `[batch, bits]`: `[batch]`. */
export function rbmLogWeight({ visible, hidden, weight }: Symbolic<RbmLayer>, x: Tensor): Tensor {
  const linear = reshape(matmul(x, expandDims(visible, 1)), [x.shape[0] as number]);
  return add(linear, sum(softplus(add(matmul(x, weight), hidden)), 1));
}

/** A distribution of few bits by its unnormalised logarithm, of rows `[batch, bits]`. */
export interface Weighted<P extends Parameters> {
  init(key: Key): P;
  logWeight(p: Symbolic<P>, x: Tensor): Tensor;
}

/** A restricted Boltzmann machine of few bits whose log Z is summed over all 2^N configurations, and which draws from their table. */
export const enumeratedRbm = (bits: number, units: number): StateParts["modulus"] =>
  enumerated<RbmLayer>(bits, { init: (key) => initRbm(key, bits, units), logWeight: rbmLogWeight });

/** The modulus of unnormalised weights of few bits: log Z is a sum over all 2^bits configurations, and draws are from their table. */
export function enumerated<P extends Parameters>(
  bits: number,
  { init, logWeight }: Weighted<P>,
): StateParts["modulus"] {
  const table = ndarray("f32", [2 ** bits, bits]);
  for (let i = 0; i < table.data.length; i++)
    table.data[i] = (Math.floor(i / bits) >> (bits - 1 - (i % bits))) & 1;
  const everything = (real: "f32" | "f64") => cast(constant(table), real);
  const realOf = (p: Symbolic<P>) => leaves(p, isTensor)[0]?.dtype as "f32" | "f64";
  const logs = (p: Symbolic<P>) => logWeight(p, everything(realOf(p)));
  const logProb = (p: Symbolic<P>, x: Tensor) => sub(logWeight(p, x), logSumExp(logs(p)));
  return {
    space: binary([bits]),
    init,
    logProb: (p, x) => logProb(p as never, x),
    sample(p, key) {
      const own = p as unknown as Symbolic<P>;
      const all = cast(logs(own), "f64");
      const below = cumsum(exp(sub(all, logSumExp(all))), 0);
      const u = uniform(key, [BATCH, 1], "f64");
      const place = sum(cast(greaterEqual(u, reshape(below, [1, 2 ** bits])), "i32"), 1);
      // Sums of probabilities may end below 1 by rounding.
      const last = constant(arrayFrom("i32", [1], [2 ** bits - 1]));
      const x = gather(everything(realOf(own)), minimum(place, last), 0);
      return { x, logProb: logProb(own, x) };
    },
  };
}
