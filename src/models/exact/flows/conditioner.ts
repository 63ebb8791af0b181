import type { Key } from "../../../random/key.ts";
import type { Tensor } from "../../../tensor/index.ts";
import type { Parameters, Symbolic } from "../../contract.ts";

/**
 * The network of a coupling or of an autoregressive bijection: from the variables that are kept to the numbers by which the
 * others are moved. Any function will do; it is never inverted.
 */
export interface Conditioner<P extends Parameters = Parameters> {
  /** Fresh parameters with outputs that are all zero: a flow starts as the identity. */
  init(key: Key): P;
  /**
   * `kept: [batch, ...from]` → `[batch, ...to]`, given the context `[batch, contextSize]` if there is one.
   */
  outputs(parameters: Symbolic<P>, kept: Tensor, context?: Tensor): Tensor;
  /** See `ModelBase`. */
  readonly masks?: Readonly<Record<string, Float32Array>>;
  /** See `ModelBase` (default: weight decay acts on paths that end in `weight`). */
  decays?(path: string): boolean;
}

/** Makes the conditioner from variables of shape `from` to numbers of shape `to`. */
export type MakeConditioner<P extends Parameters = Parameters> = (
  from: readonly number[],
  to: readonly number[],
) => Conditioner<P>;

/** Weights decay, biases and gains do not. */
export const weightsDecay = (path: string): boolean => /(^|\.)weight$/.test(path);
