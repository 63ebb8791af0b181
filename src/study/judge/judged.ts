import type { Judgement } from "../../evaluate/index.ts";

/** Results of two-sample tests. */
export interface Judged {
  /** The tests of the model's samples, next to real rows against real rows; absent if there are no real rows to test against. */
  readonly judgement?: Judgement | undefined;
  /** Notes on the rows for the reader, one line each. */
  readonly notes: readonly string[];
}
