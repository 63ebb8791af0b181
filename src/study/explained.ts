import type { Explanation } from "../explain/index.ts";
import type { Target } from "../systems/index.ts";
import type { SystemReference } from "./system-text.ts";

/** Something explained: where it came from, and the system it stands for where that is known. */
export interface Explained {
  /** The run folder or data file. */
  readonly source: string;
  /** What was explained, in words. */
  readonly what: string;
  /** The effective Hamiltonian. */
  readonly explanation: Explanation;
  /** The system whose couplings can be compared with it; absent if unknown. */
  readonly system?: SystemReference | undefined;
  /** Its energy, if it is none of a registered system. */
  readonly target?: Target | undefined;
}
