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
   * The upper side from rows of data instead of the model's own: the mean estimate over rows (RAISE; Burda,
   * Grosse & Salakhutdinov 2015). Present if data is given.
   */
  readonly raise?: Estimate;
  /** Where the chains of the upper side started: exact draws, chains run to equilibrium, or rows that were given. */
  readonly start: "exact" | "chains" | "given";
  /**
   * Split R̂ of the log-weight along those chains and, if data is given, equally many from rows of it; absent
   * for exact draws.
   */
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
  /** Chains of each side (default 100). */
  readonly chains?: number | undefined;
  /** Points of the path (default: 500, doubled up to 16,000 while the bracket is wider than `tolerance`). */
  readonly temperatures?: number | undefined;
  /** Maximum of gap and errors in nats (default 0.2). */
  readonly tolerance?: number | undefined;
  /**
   * Rows of data, as datasets store them: starts of `raise`, and of chains that check those of the upper
   * side.
   */
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
