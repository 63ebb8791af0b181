import { BATCH, type Tensor } from "../../../tensor/index.ts";
import type { Parameters, Symbolic } from "../../contract.ts";
import type { Bijection } from "../../exact/flows/bijection.ts";
import type { ChainParameters } from "../../exact/flows/bijections/chain.ts";
import type { ModeParameters, Modes } from "./modes/modes.ts";
import type { TimeNetwork } from "./networks/network.ts";
import type { Path } from "./path.ts";

/** Parameters of a flow in time, by its parts. */
export type FlowMatchingParameters = {
  /** Units and offsets of the data. */
  readonly data: ChainParameters;
  /** The Gaussian: axes and variances of its modes. */
  readonly modes: ModeParameters;
  /** What corrects the Gaussian's velocity. */
  readonly network: Parameters;
};

/** What a flow in time is made of. */
export interface FlowParts {
  /** Number of sites. */
  readonly sites: number;
  /** Shape of one row. */
  readonly shape: readonly number[];
  readonly path: Path;
  /** From standardised numbers `[batch, sites]` to rows. */
  readonly data: Bijection<ChainParameters>;
  readonly modes: Modes;
  readonly network: TimeNetwork;
  /** The normal distribution of log(t/(1 − t)) in training. */
  readonly times: { readonly middle: number; readonly width: number };
  /** Share of training rows whose context is hidden from the network; 0 without a context. */
  readonly contextDropout: number;
  /** What networks read of a context. */
  read(context: Tensor | undefined): Tensor | undefined;
}

/** Parameters as graphs see them. */
export type P = Symbolic<FlowMatchingParameters>;

/** The type that a graph computes in. */
export const realType = (p: P): "f32" | "f64" => p.modes.logVariance.dtype as "f32" | "f64";

/** Rows of a batch: of a context, or the symbolic one. */
export const rowsOf = (context: Tensor | undefined): number =>
  context ? (context.shape[0] as number) : BATCH;
