import { AnsatzError } from "../../error.ts";
import type { PartRows } from "../../evaluate/index.ts";
import type { Key } from "../../random/key.ts";
import type { System } from "../../systems/index.ts";
import type { LookOptions } from "../study.ts";
import { mostJudged } from "./judge-samples.ts";

/** Seconds that a reader of a report waits for rows of a simulation. */
export const simulationSeconds = 5;
const chains = 16;

/** Whether a system has its own simulation: a program of an energy has none. */
export const hasSimulation = ({ algorithms }: System): boolean => algorithms?.length !== 0;

/**
 * Returns at most 500 rows of a system's own simulation, for two-sample tests; undefined if they take more
 * than 5 s, or if the simulation does not know its τ, so that it may not have burnt in. Throws AnsatzError
 * (interrupted) once `signal` is aborted.
 */
export async function simulatedRows(
  system: System,
  key: Key,
  { signal, onProgress }: LookOptions,
): Promise<PartRows | undefined> {
  const late = new AbortController();
  const limit = setTimeout(() => late.abort(), simulationSeconds * 1000);
  const stop = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
  onProgress?.(`simulate ${system.name}`, 0, 1);
  try {
    const { x, chain, tau, thinning } = await system.simulate({
      ...{ samples: mostJudged, chains, key, signal: stop },
    });
    onProgress?.(`simulate ${system.name}`, 1, 1);
    if (chain && !(tau > 0)) return undefined;
    return { x, ...(chain && { chain: chain.data }), spacing: { tau, thinning } };
  } catch (error) {
    const isLate = error instanceof AnsatzError && error.code === "interrupted" && !signal?.aborted;
    if (!isLate) throw error;
    return undefined;
  } finally {
    clearTimeout(limit);
  }
}
