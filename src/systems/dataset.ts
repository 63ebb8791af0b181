import { type Dataset, makeDataset } from "../data/dataset.ts";
import { metaVersion } from "../data/meta.ts";
import { Key } from "../random/key.ts";
import type { SimulateOptions, Simulation, System } from "./system.ts";

/** What {@link simulate} is asked for. */
export interface SimulateRequest extends Omit<SimulateOptions, "key"> {
  /** Seed of the chains and of the splits; 0 where left out. */
  readonly seed?: number | undefined;
  /** The dataset's name, for messages; the system's where left out. */
  readonly name?: string | undefined;
  /** The command that asks, to be recorded with the data. */
  readonly command?: string | undefined;
}

/**
 * Simulates a system and makes a dataset of its rows, split by chain, that knows which system they came from: scores
 * are then held against exact values.
 */
export async function simulate(
  system: System,
  { seed = 0, name = system.name, command, ...options }: SimulateRequest,
): Promise<{ dataset: Dataset; simulation: Simulation }> {
  const simulation = await system.simulate({ ...options, key: Key.fromSeed(seed) });
  const { x, chain, tau, thinning, burnIn } = simulation;
  const meta = {
    version: metaVersion,
    space: system.space,
    encoding: system.space.kind === "binary" ? "01" : "plain",
    system: { name: system.name, parameters: system.parameters as Record<string, never> },
    ...(command !== undefined && { command }),
    seed,
    ...(chain && {
      chain: { count: Math.min(options.chains ?? 16, options.samples), tau, thinning, burnIn },
    }),
  } as const;
  return {
    dataset: makeDataset({ arrays: { x, ...(chain && { chain }) }, meta }, name, { seed }),
    simulation,
  };
}
