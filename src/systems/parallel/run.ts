import { spawnWorker } from "#workers";
import { AnsatzError } from "../../error.ts";
import type { WorkerHandle } from "../../workers/handle.ts";
import type { Simulation, SimulationProgress, SimulationStore } from "../system.ts";
import type { WorkerMessage, WorkerRequest } from "./messages.ts";
import { runTask, type SimulationTask } from "./task.ts";

type SimulationWorker = WorkerHandle<WorkerRequest, WorkerMessage>;

/** See {@link runTasks}. */
export interface RunTasksOptions {
  /** Number of tasks under way at a time; with 1 they run in the caller's thread, in turn. */
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  /** Is called with the number of a task and how far it has come. */
  onProgress?(task: number, progress: SimulationProgress): void;
  /** Returns the store in which a task keeps its state. */
  store?(task: number): SimulationStore;
  /** A task's result as it was kept when it was done before, else undefined. */
  finished?(task: number): Promise<Simulation | undefined>;
  /** Called with each result as soon as it is ready, in any order. */
  onDone?(task: number, simulation: Simulation): Promise<void>;
}

/**
 * Does tasks, several at a time in workers; the results do not depend on how many.
 *
 * @returns their results, in the order of the tasks.
 * @throws AnsatzError: what a task throws, and interrupted when `signal` aborts; the other tasks are then stopped.
 */
export async function runTasks(
  tasks: readonly SimulationTask[],
  options: RunTasksOptions,
): Promise<Simulation[]> {
  const results = new Array<Simulation>(tasks.length);
  const left = [...tasks.entries()];
  const done = async (n: number, run: () => Promise<Simulation>) => {
    const before = await options.finished?.(n);
    const simulation = before ?? (await run());
    results[n] = simulation;
    if (!before) await options.onDone?.(n, simulation);
  };
  const count = Math.min(options.threads, tasks.length);
  if (count <= 1) {
    for (const [n, task] of left) await done(n, () => here(task, n, options));
    return results;
  }
  const workers: SimulationWorker[] = [];
  try {
    await Promise.all(
      Array.from({ length: count }, async () => {
        const worker: SimulationWorker = spawnWorker("simulation");
        workers.push(worker);
        for (let next = left.shift(); next; next = left.shift()) {
          const [n, task] = next;
          await done(n, () => away(worker, task, n, options));
        }
      }),
    );
  } finally {
    for (const worker of workers) worker.terminate();
  }
  return results;
}

function here(task: SimulationTask, n: number, { signal, onProgress, store }: RunTasksOptions) {
  return runTask(task, {
    onProgress: (progress) => onProgress?.(n, progress),
    ...(signal && { signal }),
    ...(store && { store: store(n) }),
  });
}

/** Has a worker do a task. */
async function away(
  worker: SimulationWorker,
  task: SimulationTask,
  n: number,
  { signal, onProgress, store }: RunTasksOptions,
): Promise<Simulation> {
  const keeper = store?.(n);
  const kept = await keeper?.load();
  let saved = Promise.resolve();
  const result = await new Promise<Simulation>((resolve, reject) => {
    const stop = () =>
      reject(new AnsatzError("interrupted", "simulation stopped", { cause: signal?.reason }));
    if (signal?.aborted) return stop();
    signal?.addEventListener("abort", stop, { once: true });
    worker.onError(reject);
    worker.onMessage((message: WorkerMessage) => {
      if (message.type === "progress") onProgress?.(n, message.progress);
      else if (message.type === "keep")
        saved = saved.then(() => keeper?.save(message.state, [message.rows])).catch(reject);
      else {
        signal?.removeEventListener("abort", stop);
        if (message.type === "done") resolve(message.simulation);
        else
          reject(message.code ? new AnsatzError(message.code, message.message) : new Error(message.message));
      }
    });
    worker.post({ task, kept, keeping: keeper !== undefined });
  });
  await saved;
  return result;
}
