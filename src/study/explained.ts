import type { Explanation } from "../explain/index.ts";
import type { Target } from "../systems/index.ts";
import type { SystemReference } from "./system-text.ts";

/** An explanation of a model or of data, its source, and the system if known. */
export interface Explained {
  /** The run folder or data file. */
  readonly source: string;
  /** The explained object, in words. */
  readonly what: string;
  /** The effective Hamiltonian. */
  readonly explanation: Explanation;
  /** The system with couplings to compare with; absent if unknown. */
  readonly system?: SystemReference | undefined;
  /** Its energy, if it is not that of a registered system. */
  readonly target?: Target | undefined;
}
