import { stopIfAborted, usageError } from "../../error.ts";
import type { SeedOrKey } from "../../random/seed.ts";

/** What every chain may be given. */
export interface ChainSettings extends SeedOrKey {
  /**
   * Sweeps of each chain before its first sample, the first half of them along the tempered path (default
   * 1000).
   */
  readonly burnIn?: number | undefined;
  /** Is called with the sweeps done so far and the number of all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Stops between chunks with AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
}

/** Throws AnsatzError (usage) unless all counts are positive integers. */
export function requireCounts(counts: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(counts))
    if (!Number.isInteger(value) || value < 1)
      throw usageError(`chains: ${name} is a positive integer, not ${value}`);
}

/** Points of the path for `burnIn` sweeps: up to the model in the first half, then at it. */
export function ramp(burnIn: number): Float32Array {
  return Float32Array.from({ length: burnIn }, (_, i) => Math.min(1, (2 * (i + 1)) / burnIn));
}

/** Points of the path for sweeps at the model. */
export const steady = (sweeps: number) => new Float32Array(sweeps).fill(1);

/** Measurements `[sweeps][chains]` as one series a chain. */
export function seriesOfChains(series: readonly Float32Array[]): Float64Array[] {
  const chains = series[0]?.length ?? 0;
  return Array.from({ length: chains }, (_, c) => Float64Array.from(series, (at) => at[c] as number));
}

/**
 * Returns a callback that reports progress and stops if requested, called with the sweeps done before and in
 * a run.
 */
export function watcher({ signal, onProgress }: ChainSettings, total: number) {
  return (before: number) => (done: number) => {
    stopIfAborted(signal, "sampling was interrupted");
    onProgress?.(Math.min(before + done, total), total);
  };
}
