/** What training may be given beside its options; `At` says where a checkpoint was taken. */
export interface TrainHooks<At> {
  /** The bytes of a checkpoint to go on from; the result has the bits of training that was never stopped. */
  readonly resume?: Uint8Array;
  /**
   * Keeps a checkpoint; called at the start, every 15 seconds, at the end, and when training is stopped. One that takes
   * longer than a second, of a large table, is kept less often: for 5 % of the time at most.
   */
  saveCheckpoint?(bytes: Uint8Array, at: At): Promise<void>;
  /** Stops training: it saves a checkpoint, then throws AnsatzError (interrupted). */
  readonly signal?: AbortSignal;
}
