import type { Parameters, Symbolic } from "../models/contract.ts";
import type { SymbolicKey, Tensor } from "../tensor/index.ts";

/** What a fit is watched by, after every epoch, over its validation rows. */
export interface Monitor<P extends Parameters = Parameters> {
  /** Nats of each row, less what all share: `[batch]`. */
  rows(parameters: Symbolic<P>, x: Tensor, key: SymbolicKey, context?: Tensor): Tensor;
  /** What is added to every row, such as log Z: a scalar, computed once. */
  shared?(parameters: Symbolic<P>): Tensor;
  /** Whether `rows` is an estimate, which few rows are gone through several times for. */
  readonly estimated: boolean;
  /** Whether the best epoch is told by it; if not, the last one counts. */
  readonly selects: boolean;
}
