import type { Key } from "../../random/key.ts";

/**
 * One Markov chain over spin configurations. The spins are the chain's own memory: read them between calls,
 * copy them to keep them.
 */
export interface Chain {
  /** `[sites]` of 0 (down) and 1 (up). */
  readonly spins: Uint8Array;
  /** Moves the chain on by `sweeps` sweeps, each about one visit to every site. */
  advance(sweeps: number): void;
}

/**
 * A Monte Carlo algorithm for one system at one temperature, ready to start chains. This is the seam for faster
 * kernels: whatever leaves e^{−βE}/Z invariant may stand here.
 */
export interface Sampler {
  readonly name: string;
  /** What one sweep is, in words. */
  readonly sweep: string;
  /** A chain that starts from the configuration `start` (taken over, not copied) and draws from `key`. */
  chain(key: Key, start: Uint8Array): Chain;
}
