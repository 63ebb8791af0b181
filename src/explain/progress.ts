import { pauser } from "../systems/pause.ts";
import type { ExplainOptions } from "./explanation.ts";

/** How far an explanation has come, told to whoever asked, between passes over the rows. */
export interface ExplanationProgress {
  /** What a part of the work that is this share of it calls with its own fraction; NaN leaves the progress where it is. */
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
