import type { Simulation } from "../../systems/system.ts";
import { damaged } from "./damaged.ts";
import { readIfThere } from "./read-if-there.ts";

/** The results of a finished task, without its rows. */
export type AboutTask = Omit<Simulation, "x" | "chain"> & {
  readonly rows: number;
  readonly chain?: readonly number[] | undefined;
};

/**
 * Reads a state of version 1: the number of bytes of its rows, then the state; undefined if it is too short.
 */
export function readState(bytes: Uint8Array): { state: Uint8Array; kept: number } | undefined {
  if (bytes.length < 8) return undefined;
  const kept = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  return { state: bytes.subarray(8), kept };
}

/** A task that version 1 kept as done, if it did: `n.json` and `n.rows`. */
export async function readTask(
  json: string,
  rows: string,
): Promise<{ about: AboutTask; bytes: Uint8Array } | undefined> {
  const text = await readIfThere(json);
  if (!text) return undefined;
  const about = parsed(new TextDecoder().decode(text));
  const bytes = await readIfThere(rows);
  if (!about || !bytes) throw damaged(about ? rows : json);
  return { about: revived(about), bytes };
}

/** Restores NaN in a task's JSON, which has null for a τ or an error that is unknown. */
export function revived(about: AboutTask): AboutTask {
  return {
    ...about,
    tau: about.tau ?? Number.NaN,
    energy: { ...about.energy, error: about.energy.error ?? Number.NaN },
  };
}

function parsed(text: string): AboutTask | undefined {
  try {
    const about = JSON.parse(text) as AboutTask;
    const isWhole =
      Number.isSafeInteger(about.rows) &&
      about.rows > 0 &&
      typeof about.energy.value === "number" &&
      [about.tau, about.thinning, about.burnIn].every((value) => typeof value === "number") &&
      typeof about.sampler.name === "string" &&
      (about.chain === undefined || Array.isArray(about.chain));
    return isWhole ? about : undefined;
  } catch {
    return undefined; // a cut file is not JSON
  }
}
