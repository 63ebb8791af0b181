import { splitHeader, withHeader } from "../../data/formats/header.ts";
import { type AnsatzError, inputError } from "../../error.ts";

/** The state of a running simulation, without its chains. */
export interface RunningState {
  readonly sampler: string;
  readonly sweep: string;
  /** τ in sweeps; NaN (null in JSON) if the burn-in was too short to estimate it. */
  readonly tau: number | null;
  readonly thinning: number;
  readonly burnIn: number;
  /** Rows that every chain has recorded. */
  readonly step: number;
}

/** The header and the chains as one array of bytes. */
export function packState(header: RunningState, ensemble: Uint8Array): Uint8Array {
  return withHeader(header, ensemble);
}

/** Unpacks the result of {@link packState}; throws an input error for other bytes. */
export function unpackState(bytes: Uint8Array): { header: RunningState; ensemble: Uint8Array } {
  const found = splitHeader(bytes);
  if (!found) throw unfit("it is cut short");
  return { header: headerOf(found.header), ensemble: found.bytes };
}

function headerOf(text: string): RunningState {
  try {
    const header = JSON.parse(text) as RunningState;
    const { thinning, burnIn, step } = header;
    if ([thinning, burnIn, step].every((count) => Number.isSafeInteger(count) && count >= 0)) return header;
  } catch {
    // Not JSON: as a header that lacks what it should say.
  }
  throw unfit("its header is not one");
}

/** The error for a state that no simulation with these options has kept. */
export function unfit(why: string): AnsatzError {
  return inputError(
    `the state that the simulation would go on from does not belong to it (${why}); start again`,
  );
}
