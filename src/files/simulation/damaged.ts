import { type AnsatzError, inputError } from "../../error.ts";

/** Advice for a stored simulation that cannot be continued. */
export const beginAnew = "start again with --force instead of --resume";

/** The input error for a file of a kept simulation that is not as it was written. */
export const damaged = (path: string): AnsatzError =>
  inputError(`${path} is damaged or missing; ${beginAnew}`);
