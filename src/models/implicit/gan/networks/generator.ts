import type { NDArray } from "../../../../array.ts";
import type { Key } from "../../../../random/key.ts";
import type { Tensor } from "../../../../tensor/index.ts";
import type { Parameters, Symbolic } from "../../../contract.ts";

/** Parameters of a generator. */
export type GeneratorParameters = {
  /** What is added to what each site is given, `[sites, outputs]`, or `[1, outputs]` where all sites share it. */
  readonly bias: NDArray<"f32">;
  /** The weights. */
  readonly network: Parameters;
};

/** The network from codes to what sites are made of. */
export interface Generator {
  /** Numbers of a code. */
  readonly size: number;
  /** Number of its parameters. */
  readonly count: number;
  /** Whether all sites share one bias. */
  readonly shared: boolean;
  /** Fresh parameters. */
  init(key: Key): GeneratorParameters;
  /** Codes `[batch, size]`, and what networks read of a context → `[batch, sites, outputs]`. */
  apply(parameters: Symbolic<GeneratorParameters>, codes: Tensor, context?: Tensor): Tensor;
}
