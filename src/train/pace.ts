/** Seconds between checkpoints where nothing else asks for one. */
const CHECKPOINT_SECONDS = 15;
/** A checkpoint that takes longer than this many seconds to keep is slow: it may cost this share of the time. */
const SLOW_CHECKPOINT_SECONDS = 1;
const CHECKPOINT_SHARE = 0.05;

/** Seconds between progress events. */
export const PROGRESS_SECONDS = 0.2;

/** Seconds by a clock that only runs forward. */
export const seconds = (): number => performance.now() / 1000;

/** When the next checkpoint is due: every 15 seconds, or so much later that slow ones cost 5 % of the time at most. */
export class CheckpointPace {
  #saved = seconds();
  #rest = 0;

  /** Whether enough time has passed since the last one. */
  get due(): boolean {
    return seconds() - this.#saved > Math.max(CHECKPOINT_SECONDS, this.#rest);
  }

  /** Whether one now would cost more than its share. */
  get tooSoon(): boolean {
    return seconds() - this.#saved < this.#rest;
  }

  /** Keeps a checkpoint and notes how long that takes. */
  async keep(save: () => Promise<void>): Promise<void> {
    const from = seconds();
    await save();
    this.#saved = seconds();
    const took = this.#saved - from;
    this.#rest = took > SLOW_CHECKPOINT_SECONDS ? took / CHECKPOINT_SHARE : 0;
  }
}
