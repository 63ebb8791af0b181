import type { TrainHooks } from "../src/train/hooks.ts";

/** Hooks that stop a training before its step number `step`, counted from 0, and keep its last checkpoint. */
export function stoppedAt(step: number): {
  readonly hooks: Required<Pick<TrainHooks, "signal" | "saveCheckpoint">>;
  /** The last checkpoint. */
  checkpoint(): Uint8Array;
} {
  let last: Uint8Array | undefined;
  // Asked before every step, or every call of several.
  let polls = 0;
  const signal = {
    get aborted() {
      return polls++ === step;
    },
  } as AbortSignal;
  return {
    hooks: {
      signal,
      saveCheckpoint: async (bytes) => {
        last = bytes;
      },
    },
    checkpoint: () => last as Uint8Array,
  };
}
