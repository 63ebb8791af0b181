import type { Parameters } from "../models/contract.ts";

/** Where a training is. */
export interface TrainPoint {
  /** Rounds completed: epochs of a fit. */
  readonly round: number;
  /** Steps taken. */
  readonly step: number;
}

/** What training may be given beside its options. */
export interface TrainHooks {
  /** The bytes of a checkpoint to go on from; the result has the bits of training that was never stopped. */
  readonly resume?: Uint8Array | undefined;
  /**
   * Keeps a checkpoint; called at the start, every 15 seconds, at the end, and when training is stopped; of a fit also after
   * every epoch. One that takes longer than a second, of a large table, is kept less often: for 5 % of the time at most.
   */
  saveCheckpoint?(bytes: Uint8Array, at: TrainPoint): Promise<void>;
  /** Stops training: it saves a checkpoint, then throws AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
  /**
   * Draws the model on its way, after a round: what it returns is told as a `picture` event. `parameters` makes a copy of those
   * that would be kept now. Not asked of a model with a prior over its codes, which no round has the whole of.
   */
  picture?(
    at: TrainPoint,
    parameters: () => Parameters,
  ): Promise<{ readonly name: string; readonly data: unknown } | undefined>;
}
