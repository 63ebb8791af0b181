import type { DType, NDArray } from "../../../array.ts";
import type { SeedOrKey } from "../../../random/seed.ts";
import type { EngineOptions } from "../../../runtime/engine.ts";
import type { Estimate } from "../../../stats/index.ts";
import type { EnergyModel, EnergyParameters } from "../../contract.ts";
import type { AnnealProgram } from "./anneal.ts";

/** One side of log Z, nats. */
export interface LogZSide extends Estimate {
  /** Effective sample size of the weights it is the mean of, as a fraction of the chains. */
  readonly ess: number;
}

/** log Z from two sides, nats; see {@link bracketLogZ}. */
export interface LogZBracket {
  /** Annealed importance sampling from independent sites to the model: E[lower] ≤ log Z. */
  readonly lower: LogZSide;
  /** The same from the model to independent sites: log Z ≤ E[upper], as far as its chains start from the model. */
  readonly upper: LogZSide;
  /** upper − lower; below 0 by chance alone. */
  readonly gap: Estimate;
  /** What log Z lies in with a probability of 95 %, as far as the upper side holds: the sides with 1.96 of their errors. */
  readonly interval: readonly [number, number];
  /** Thermodynamic integration: the mean work along the path, averaged over both directions, which cancels their lag. */
  readonly integration: Estimate;
  /**
   * The upper side from rows of data instead of the model's own: the mean over rows of what each says (RAISE; Burda, Grosse
   * & Salakhutdinov 2015). Where data is given.
   */
  readonly raise?: Estimate;
  /** Where the chains of the upper side started: exact draws, chains run to equilibrium, or rows that were given. */
  readonly start: "exact" | "chains" | "given";
  /** Split R̂ of the log-weight along those chains and, where data is given, as many from rows of it; not for exact draws. */
  readonly rHat?: number;
  /** Chains of each side. */
  readonly chains: number;
  /** Points of the path, beyond its start. */
  readonly temperatures: number;
  /** Why the bracket is not to be relied on, one line each. */
  readonly warnings: readonly string[];
}

/** See {@link bracketLogZ}. */
export interface BracketOptions extends EngineOptions, SeedOrKey {
  /** Chains of each side; 100 where left out. */
  readonly chains?: number | undefined;
  /**
   * Points of the path. Where left out, 500, and twice as many as often as the bracket is wider than `tolerance`, up to
   * 16,000.
   */
  readonly temperatures?: number | undefined;
  /** Nats within which gap and errors shall lie; 0.2 where left out. */
  readonly tolerance?: number | undefined;
  /** Rows of data, as datasets store them. `raise` starts from them, and chains that check those of the upper side. */
  readonly data?: NDArray | undefined;
  /** Rows that follow the model already, such as persistent chains, as models take them: at least one. */
  readonly given?: NDArray<DType> | undefined;
  /** Draw the start of the upper side exactly, through the states of the smaller side; for up to 2^20 states. */
  readonly exactStart?: boolean | undefined;
  /** Is called with the work done so far and all of it, of the current path; a finer path starts again. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Stops between chunks with AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
}

/** What every part of a bracket needs. */
export interface Bracketing<P extends EnergyParameters> {
  readonly model: EnergyModel<P>;
  readonly parameters: P;
  readonly program: AnnealProgram;
  readonly engine: EngineOptions;
  readonly options: BracketOptions;
}
