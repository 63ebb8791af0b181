import type { Stream } from "../../random/stream.ts";

/** The action S(x) of a distribution e^{−S}/Z over real fields or angles, by plain loops in double precision. */
export interface Action {
  /** Numbers in a field. */
  readonly size: number;
  /** S of one field `[size]`. */
  value(field: Float64Array): number;
  /** Writes −∂S/∂x into `out`: the force on every number. */
  force(field: Float64Array, out: Float64Array): void;
  /**
   * A move that leaves e^{−S} invariant and reaches what trajectories seldom reach, such as another topological sector;
   * it changes the field in place and is made after every trajectory.
   */
  jump?(field: Float64Array, random: Stream): void;
  /** Whether the numbers are angles, which a turn of 2π leaves what they are. */
  readonly angles?: boolean;
}
