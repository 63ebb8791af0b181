import type { SymbolicKey } from "../../tensor/ops/random.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Parameters, Symbolic } from "./parameters.ts";

/** x = g(z) with z from a simple distribution: log P(x) = log q(z) − log |det ∂g/∂z| (a normalising flow). */
export interface Flow<P extends Parameters = Parameters> {
  /** Shape of one z. */
  readonly latentShape: readonly number[];
  /** One batch of z `[batch, ...latentShape]`, its size the symbolic batch, and log q of each `[batch]`. */
  base(parameters: Symbolic<P>, key: SymbolicKey): { readonly z: Tensor; readonly logProb: Tensor };
  /** z → x and log |det ∂x/∂z| `[batch]`, differentiable by the parameters. */
  forward(
    parameters: Symbolic<P>,
    z: Tensor,
    context?: Tensor,
  ): { readonly x: Tensor; readonly logDet: Tensor };
  /** x → z and log |det ∂z/∂x| `[batch]`. */
  inverse(
    parameters: Symbolic<P>,
    x: Tensor,
    context?: Tensor,
  ): { readonly z: Tensor; readonly logDet: Tensor };
}
