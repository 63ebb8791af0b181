import { pauser } from "../systems/pause.ts";
import type { ExplainOptions } from "./explanation.ts";

/** The progress of an explanation, reported to its caller between passes over the rows. */
export interface ExplanationProgress {
  /**
   * Returns the callback of a part of the work with this share of it, which takes the part's own fraction;
   * NaN leaves the progress unchanged.
   */
  part(from: number, to: number): (fraction: number) => Promise<void>;
}

/** The progress of an explanation; every 40 ms it lets the event loop run, and throws once the signal is aborted. */
export function progressOf({
  onProgress,
  signal,
}: Pick<ExplainOptions, "onProgress" | "signal">): ExplanationProgress {
  const wait = pauser(signal, "the explanation was stopped");
  let done = 0;
  return {
    part: (from, to) => async (fraction) => {
      if (!Number.isNaN(fraction)) done = Math.max(done, from + (to - from) * fraction);
      await wait(() => onProgress?.(done));
    },
  };
}
