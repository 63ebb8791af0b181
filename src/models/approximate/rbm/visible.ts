import type { NDArray } from "../../../array.ts";
import type { SymbolicKey, Tensor } from "../../../tensor/index.ts";
import type { Symbolic } from "../../contract.ts";

/** The visible units' own parameters, by name. */
export type VisibleParameters = { readonly [name: string]: NDArray<"f32"> };

/**
 * A layer of visible units v that meets hidden units by `features(v)·W·h`: log f_t(v, h) = field_t(v) + t features(v)·W h,
 * with field_t = (1 − t) log reference(v) + t field(v). Rows are `[batch, ...sites]`; `t` is a scalar or `[batch]`.
 */
export interface VisibleUnits {
  /** Numbers that a configuration is to the hidden units. */
  readonly width: number;
  /** Fresh parameters. */
  init(): VisibleParameters;
  /** Parameters of independent units with the marginals of the data; the reference has the same marginals. */
  adapt(p: Symbolic<VisibleParameters>, reference: Tensor, x: Tensor): Symbolic<VisibleParameters>;
  /** What the hidden units see of x: `[batch, width]`. */
  features(p: Symbolic<VisibleParameters>, x: Tensor): Tensor;
  /** field(x), nats: `[batch]`. */
  field(p: Symbolic<VisibleParameters>, x: Tensor): Tensor;
  /** log Σ_v exp(field(v) + features(v)·drive), the sum an integral for real units: `drive: [batch, width]` → `[batch]`. */
  logSum(p: Symbolic<VisibleParameters>, drive: Tensor): Tensor;
  /** v with density ∝ exp(field_t(v) + t features(v)·drive), `[batch, ...sites]`. */
  draw(p: Symbolic<VisibleParameters>, reference: Tensor, drive: Tensor, t: Tensor, key: SymbolicKey): Tensor;
}
