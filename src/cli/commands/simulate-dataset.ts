import type { Dataset } from "../../data/dataset.ts";
import { AnsatzError } from "../../error.ts";
import { SimulationFolder } from "../../files/index.ts";
import { type Simulation, type System, simulateTemperatures } from "../../systems/index.ts";
import type { Session } from "../terminal/session.ts";
import { SimulationMeter } from "../terminal/simulation-meter.ts";

/** See {@link simulateDataset}. */
interface SimulationRequest {
  readonly samples: number;
  readonly seed: number;
  readonly chains: number;
  /** The dataset's name, for messages. */
  readonly name: string;
  readonly session: Session;
  readonly algorithm?: string | undefined;
  readonly thinning?: number | undefined;
  readonly burnIn?: number | undefined;
  /** Threads to use (default 1). */
  readonly threads?: number;
  /** The output file; the work is saved next to it while it goes on (default: nothing is saved). */
  readonly kept?: { readonly out: string; readonly resume: boolean; readonly force: boolean };
  /** What is done with the dataset before what was kept is taken away. */
  finish?(dataset: Dataset): Promise<void>;
}

/** Simulates a system at one temperature or several into a dataset, with progress. */
export async function simulateDataset(
  systems: readonly System[],
  request: SimulationRequest,
): Promise<{ dataset: Dataset; simulations: Simulation[] }> {
  const { session, kept, finish, threads = 1, ...options } = request;
  const [system] = systems as [System];
  const { samples, seed, chains, algorithm, thinning, burnIn } = options;
  const folder =
    kept &&
    (await SimulationFolder.at(
      kept.out,
      {
        system: system.name,
        parameters: systems.map(({ parameters }) => parameters),
        ...{ samples, chains, seed, algorithm, thinning, burnIn },
      },
      { ...kept, note: (line) => session.note(line) },
    ));
  if (kept?.resume && !folder?.exists) session.note(`nothing to resume yet; starting ${kept.out}`);
  const meter = new SimulationMeter(session.progress(`simulate ${system.name}`));
  try {
    const made = await simulateTemperatures(systems, {
      ...options,
      threads,
      command: session.command,
      signal: session.signal,
      onPlan: (tasks) => meter.begin(tasks),
      onProgress: (task, progress) => meter.update(task, progress),
      ...(folder && {
        store: (task: number) => folder.store(task),
        finished: async (task: number) => {
          const before = await folder.finished(task, system.space);
          if (before) meter.done(task);
          return before;
        },
      }),
      onDone: async (task, simulation) => {
        meter.done(task);
        await folder?.keep(task, simulation);
      },
    });
    await folder?.check();
    await finish?.(made.dataset);
    await folder?.remove();
    return made;
  } catch (error) {
    if (error instanceof AnsatzError && error.code === "interrupted" && folder?.exists)
      throw new AnsatzError(
        "interrupted",
        `simulation stopped; finished work is kept in ${folder.path}; repeat the command with --resume to continue`,
      );
    throw error;
  } finally {
    await folder?.close();
    meter.end();
  }
}
