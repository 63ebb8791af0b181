import type { NDArray } from "../../../../array.ts";
import type { Key } from "../../../../random/key.ts";
import type { Tensor } from "../../../../tensor/index.ts";
import type { Parameters, Symbolic } from "../../../contract.ts";

/** A network of either end of a latent model, as pure functions. */
export interface Network<P extends Parameters = Parameters> {
  /** Number of its parameters. */
  readonly count: number;
  /** Fresh parameters. */
  init(key: Key): P;
  /** Its outputs for a batch of inputs, given the numbers that networks read of a context, `[batch, n]`, if there is one. */
  apply(parameters: Symbolic<P>, input: Tensor, context?: Tensor): Tensor;
}

/** A network from numbers to sites; its last layer has a separate bias for each output of each site. */
export type SiteParameters = {
  /** `[sites, outputs]`: set from the data before training, so that the network starts from independent sites. */
  readonly bias: NDArray<"f32">;
  /** The weights. */
  readonly network: Parameters;
};
