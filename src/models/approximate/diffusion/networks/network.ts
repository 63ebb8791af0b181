import type { Key } from "../../../../random/key.ts";
import type { Tensor } from "../../../../tensor/index.ts";
import type { Parameters, Symbolic } from "../../../contract.ts";

/**
 * v(z_t, t | context) less its Gaussian part, in units in which it is of order one: real numbers in and out, of one shape.
 * The output layer starts at zero, so that a model starts from the exact Gaussian.
 */
export interface TimeNetwork<P extends Parameters = Parameters> {
  /** Number of its parameters. */
  readonly count: number;
  /** Rows that are worth taking at once: more hold much between the layers and are no faster. Left out by small networks. */
  readonly rowsAtOnce?: number;
  /** Fresh parameters. */
  init(key: Key): P;
  /**
   * z `[batch, ...sites, channels]`, z itself and z with its modes whitened as channels; time `[batch]` in [0, 1]; context
   * `[batch, c]`, already read, or undefined. Returns `[batch, ...sites]`.
   */
  apply(parameters: Symbolic<P>, z: Tensor, time: Tensor, context: Tensor | undefined): Tensor;
}
