import type { Key } from "../../../random/key.ts";
import type { SymbolicKey, Tensor } from "../../../tensor/index.ts";
import type { Parameters, Symbolic } from "../../contract.ts";
import type { Walk } from "../../walks.ts";

/** The distribution of the latent variables of a flow: its density and its draws are both simple. */
export interface Base<P extends Parameters = Parameters> {
  /** Shape of one z. */
  readonly shape: readonly number[];
  /** The path between two z along which all z are as probable as the two ends (default: a straight line). */
  readonly walk?: Walk;
  init(key: Key): P;
  /** Parameters that suit z of the data, from one large batch before the first step; see `ModelBase.adapt`. */
  adapt?(parameters: Symbolic<P>, z: Tensor): Symbolic<P>;
  /** log q of each row, `[batch]` nats. */
  logProb(parameters: Symbolic<P>, z: Tensor): Tensor;
  /** `rows` independent z, `[rows, ...shape]`; `rows` may be the symbolic batch. */
  sample(parameters: Symbolic<P>, key: SymbolicKey, rows: number, dtype: "f32" | "f64"): Tensor;
}
