import type { NDArray } from "../../array.ts";
import type { Session } from "../terminal/session.ts";

/** What drawing independent samples into a file is asked for. */
export interface SampleRequest {
  readonly out: string;
  readonly samples: number;
  readonly seed: number;
  readonly force: boolean;
  readonly session: Session;
  readonly context: NDArray<"f32"> | undefined;
}
