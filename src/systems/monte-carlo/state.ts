import { type AnsatzError, inputError } from "../../error.ts";

/** What is known of a simulation that is under way, beside its chains. */
export interface RunningState {
  readonly sampler: string;
  readonly sweep: string;
  /** τ in sweeps; NaN, which JSON makes null, where the burn-in was too short to tell it. */
  readonly tau: number | null;
  readonly thinning: number;
  readonly burnIn: number;
  /** Rows that every chain has recorded. */
  readonly step: number;
}

/** One array of bytes: the length of the header, the header as JSON, the chains. */
export function packState(header: RunningState, ensemble: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const out = new Uint8Array(4 + text.length + ensemble.length);
  new DataView(out.buffer).setUint32(0, text.length, true);
  out.set(text, 4);
  out.set(ensemble, 4 + text.length);
  return out;
}

/** What {@link packState} packed; throws an input error for other bytes. */
export function unpackState(bytes: Uint8Array): { header: RunningState; ensemble: Uint8Array } {
  if (bytes.length < 4) throw unfit("it is cut short");
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = headerOf(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  return { header, ensemble: bytes.subarray(4 + length) };
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
    `the state that the simulation would go on from does not belong to it (${why}); begin anew`,
  );
}
