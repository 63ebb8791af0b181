import { usageError } from "../../error.ts";
import { Key } from "../../random/key.ts";
import { createSystem } from "../registry.ts";
import type { Parameters, SimulateOptions, Simulation } from "../system.ts";

/**
 * One part of a simulation that runs by itself: chains of one system at one temperature. It is plain data, so
 * that it can be sent to a worker, and its rows depend on it alone, whichever thread runs it.
 */
export interface SimulationTask {
  /** Name of the system in the registry. */
  readonly system: string;
  readonly parameters: Parameters;
  readonly samples: number;
  readonly chains: number;
  /** The words of its key. */
  readonly key: readonly [number, number];
  readonly algorithm?: string | undefined;
  readonly thinning?: number | undefined;
  readonly burnIn?: number | undefined;
}

/** See {@link planSimulation}. */
export interface SimulationPlan extends Pick<SimulationTask, "algorithm" | "thinning" | "burnIn"> {
  /** Name of the system in the registry. */
  readonly system: string;
  /** Its complete parameters at each temperature. */
  readonly parameters: readonly Parameters[];
  /** Rows over all temperatures. */
  readonly samples: number;
  /** Independent chains at each temperature. */
  readonly chains: number;
  readonly seed: number;
}

/** A task, and the temperature it is of. */
export interface PlannedTask extends SimulationTask {
  /** Index of its parameters among those of the plan. */
  readonly place: number;
}

/** Number of chains of one task: the bits of a vector, see kernels/multispin.ts. */
export const chainsAtOnce = 128;

/**
 * Cuts a simulation into tasks, in the order of their rows: the temperatures one after the other, with
 * equally many rows each (up to one), chains in blocks of at most 128. The cut does not depend on the number
 * of threads. One block at one temperature is the simulation of the system itself from the seed.
 *
 * @throws AnsatzError (usage) if there are fewer rows than temperatures.
 */
export function planSimulation(plan: SimulationPlan): PlannedTask[] {
  const { system, parameters, samples, chains, seed, algorithm, thinning, burnIn } = plan;
  const count = parameters.length;
  if (samples < count)
    throw usageError(`samples: ${samples} rows for ${count} temperatures; ask for at least one each`);
  const key = Key.fromSeed(seed);
  return parameters.flatMap((own, place) => {
    const rows = share(samples, count, place);
    const used = Math.min(chains, rows);
    const blocks = Math.ceil(used / chainsAtOnce);
    return Array.from({ length: blocks }, (_, block) => {
      const { k0, k1 } = count * blocks === 1 ? key : key.fold(place).fold(block);
      const first = Math.floor((used * block) / blocks);
      const last = Math.floor((used * (block + 1)) / blocks);
      const task = { system, parameters: own, chains: last - first, key: [k0, k1], place } as const;
      const start = Math.floor((rows * first) / used);
      return {
        ...task,
        samples: Math.floor((rows * last) / used) - start,
        ...{ algorithm, thinning, burnIn },
      };
    });
  });
}

/** The `part`-th of `parts` equal shares of a whole number. */
function share(total: number, parts: number, part: number): number {
  return Math.floor((total * (part + 1)) / parts) - Math.floor((total * part) / parts);
}

/** Does a task. */
export function runTask(
  task: SimulationTask,
  options: Pick<SimulateOptions, "onProgress" | "signal" | "store">,
): Promise<Simulation> {
  const { samples, chains, key, algorithm, thinning, burnIn } = task;
  const system = createSystem(task.system, task.parameters);
  return system.simulate({ samples, chains, key: new Key(...key), algorithm, thinning, burnIn, ...options });
}
