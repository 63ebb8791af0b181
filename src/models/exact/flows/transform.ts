import type { Tensor } from "../../../tensor/index.ts";
import type { Mapped } from "./bijection.ts";

/**
 * A monotonic map of one number, by numbers that a network gives for each: what a coupling does to the variables it moves,
 * and an autoregressive bijection to each in turn. `raw: [batch, size, ...shape]`, values `[batch, ...shape]`; the
 * log-determinant is of each number by itself, `[batch, ...shape]`. The identity where `raw` is zero.
 */
export interface Transform {
  /** Number of parameters that move one variable. */
  readonly size: number;
  /**
   * Which parameters keep and which change their sign under x → −x of all variables, for the map to be odd;
   * omit if no choice makes it odd.
   */
  readonly parity?: readonly ("even" | "odd")[];
  forward(raw: Tensor, z: Tensor): Mapped;
  inverse(raw: Tensor, x: Tensor): Mapped;
}
