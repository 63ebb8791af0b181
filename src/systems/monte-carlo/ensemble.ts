import type { StorageOf } from "../../array.ts";
import type { Key } from "../../random/key.ts";

/** Storage types of sites in datasets: states as bytes, angles in single precision. */
export type SiteType = "u8" | "f32";

/** The sites of one configuration. */
export type Sites = StorageOf[SiteType];

/** Markov chains of one system at one temperature, moved on together. */
export interface Ensemble<S extends Sites = Sites> {
  /** Moves every chain on by `sweeps` sweeps, each about one visit to every site. */
  advance(sweeps: number): void;
  /** Copies the configuration of one chain. */
  read(chain: number, out: S): void;
  /** Saves the complete state of the chains. */
  save(): Uint8Array;
  /** Goes on from what `save` of chains of the same number returned. */
  restore(state: Uint8Array): void;
}

/**
 * A Monte Carlo algorithm for one system at one temperature, ready to start chains: any that leaves e^{−βE}/Z
 * invariant.
 */
export interface Sampler<S extends Sites = Sites> {
  /** The name of the algorithm, as `--algorithm` takes it: `wolff`. */
  readonly name: string;
  /** Description of one sweep, in words. */
  readonly sweep: string;
  /** Sweeps between two measurements of burn-in, where measuring takes longer than a sweep (default 1). */
  readonly measureEvery?: number;
  /** Attempted updates of single sites in a sweep of one chain (default: the number of sites). */
  readonly updates?: number;
  /**
   * Whether every chain starts ordered: below the critical temperature single-spin updates leave the domains of a random
   * start standing for times that no burn-in sees. Else every other chain starts at random.
   */
  readonly fromOrder?: boolean;
  /** Chains that start from the given configurations and draw from `key`. */
  start(key: Key, starts: readonly S[]): Ensemble<S>;
}

/** One number of a configuration. */
export type Measure<S extends Sites = Sites> = (sites: S) => number;
