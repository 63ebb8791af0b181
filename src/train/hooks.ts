import type { Parameters } from "../models/contract.ts";

/** A point in a training. */
export interface TrainPoint {
  /** Rounds completed: epochs of a fit. */
  readonly round: number;
  /** Steps taken. */
  readonly step: number;
}

/** What a training accepts in addition to its options. */
export interface TrainHooks {
  /**
   * The bytes of a checkpoint to continue from; the result has the bits of training that was never stopped.
   */
  readonly resume?: Uint8Array | undefined;
  /**
   * Keeps a checkpoint; called at the start, every 15 seconds, at the end, and when training is stopped; of a fit also after
   * every epoch. One that takes longer than a second, of a large table, is kept less often: for 5 % of the time at most.
   */
  saveCheckpoint?(bytes: Uint8Array, at: TrainPoint): Promise<void>;
  /** Stops training: it saves a checkpoint, then throws AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
  /**
   * Draws the model during training, after a round; the return value is sent as a `picture` event.
   * `parameters` copies those that would be kept now. Not called for a model with a prior over its codes,
   * since no round has all of that model.
   */
  picture?(
    at: TrainPoint,
    parameters: () => Parameters,
  ): Promise<{ readonly name: string; readonly data: unknown } | undefined>;
}
