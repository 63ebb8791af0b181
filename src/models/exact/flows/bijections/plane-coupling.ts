import type { NDArray } from "../../../../array.ts";
import { uniformInit, zerosInit } from "../../../../nn/init.ts";
import {
  add,
  concat,
  exp,
  matmul,
  mul,
  neg,
  slice,
  sub,
  sum,
  type Tensor,
  tanh,
} from "../../../../tensor/index.ts";
import type { Symbolic } from "../../../contract.ts";
import type { Bijection } from "../bijection.ts";

/** One hidden layer from one number to two. */
export type PlaneCouplingParameters = {
  readonly hidden: { readonly weight: NDArray<"f32">; readonly bias: NDArray<"f32"> };
  readonly output: { readonly weight: NDArray<"f32">; readonly bias: NDArray<"f32"> };
};

/**
 * The coupling of two variables, written as textbooks do, to read before the general one (coupling.ts):
 *
 *     x1 = z1,  x2 = z2 · exp(s(z1)) + t(z1),
 *
 * with s and t any functions of one number, here the two outputs of a hidden layer of `units`. The inverse needs no inverse of s
 * or t, as x1 = z1 is known: z2 = (x2 − t(x1)) · exp(−s(x1)). The Jacobian is triangular, so log |det ∂x/∂z| = s(z1)
 * (Dinh, Sohl-Dickstein & Bengio, arXiv:1605.08803, equations 4 to 8). The identity at zero parameters.
 */
export function planeCoupling(units: number): Bijection<PlaneCouplingParameters> {
  /** s and t, `[batch, 1]` each, of the variable that is kept. */
  const scaleAndShift = ({ hidden, output }: Symbolic<PlaneCouplingParameters>, kept: Tensor) => {
    const h = tanh(add(matmul(kept, hidden.weight), hidden.bias));
    const both = add(matmul(h, output.weight), output.bias);
    return { s: slice(both, 1, 0, 1), t: slice(both, 1, 1, 2) };
  };
  const halves = (v: Tensor) => [slice(v, 1, 0, 1), slice(v, 1, 1, 2)] as const;
  return {
    latentShape: [2],
    dataShape: [2],
    init: (key) => ({
      hidden: { weight: uniformInit(key.fold(0), [1, units], 1), bias: uniformInit(key.fold(1), [units], 1) },
      output: { weight: zerosInit([units, 2]), bias: zerosInit([2]) },
    }),
    forward(p, z) {
      const [z1, z2] = halves(z);
      const { s, t } = scaleAndShift(p, z1);
      return { value: concat([z1, add(mul(z2, exp(s)), t)], 1), logDet: sum(s, 1) };
    },
    inverse(p, x) {
      const [x1, x2] = halves(x);
      const { s, t } = scaleAndShift(p, x1);
      return { value: concat([x1, mul(sub(x2, t), exp(neg(s)))], 1), logDet: neg(sum(s, 1)) };
    },
    decays: (path) => path.endsWith("weight"),
  };
}
