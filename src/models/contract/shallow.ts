import type { ShallowActivation } from "../../kernels/shallow.ts";
import type { SymbolicKey } from "../../tensor/ops/random.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Draws } from "./draws.ts";
import type { Parameters, Symbolic } from "./parameters.ts";

/**
 * Conditionals of bits that one hidden layer makes, by position in the order they are drawn in; see `ShallowNetwork` of
 * the kernels for the equation.
 */
export interface ShallowLayers {
  /** `[units]`: pre-activations before the first position. */
  readonly start: Tensor;
  /** `[sites, units]`: what a 1 adds to them. */
  readonly weights: Tensor;
  /** `[sites, units]`: how the hidden units make the logit. */
  readonly columns: Tensor;
  /** `[sites]`: what is added to each logit. */
  readonly bias: Tensor;
  /** `[sites, sites]`: what a 1 adds to the logits of later positions. */
  readonly direct?: Tensor;
}

/** What a kernel draws by instead of the graph of `sample`: from the same noise the same rows, up to rounding. */
export interface ShallowDraws<P extends Parameters = Parameters> {
  /** The site at each position. */
  readonly order: Uint32Array;
  /** The activation of the hidden units, one that the kernel has. */
  readonly activation: ShallowActivation;
  /** Degrees of the units of a masked network; see `ShallowNetwork` of the kernels. */
  readonly degrees?: Uint32Array;
  /** The numbers of the network in the order of drawing, as a graph of the parameters. */
  layers(parameters: Symbolic<P>): ShallowLayers;
  /** Numbers folded into the key of a batch for the uniforms of its sites, `[sites, batch]` by position. */
  readonly fold: number;
  /**
   * Applies to drawn rows `x: [batch, ...sites]` what else `sample` does, if anything: symmetries act on
   * them.
   */
  finish?(parameters: Symbolic<P>, x: Tensor, key: SymbolicKey): Draws;
}
