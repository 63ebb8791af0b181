import type { Judgement } from "../../evaluate/index.ts";

/** What two-sample tests found. */
export interface Judged {
  /** The tests of the model's samples, next to real rows against real rows; absent if there are no real rows to test against. */
  readonly judgement?: Judgement | undefined;
  /** What a reader should know of the rows, one line each. */
  readonly notes: readonly string[];
}
