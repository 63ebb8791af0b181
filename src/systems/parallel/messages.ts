import { concatArrays } from "../../array.ts";
import { AnsatzError, type ErrorCode } from "../../error.ts";
import type { Simulation, SimulationProgress } from "../system.ts";
import type { SimulationTask } from "./task.ts";
import { runTask } from "./task.ts";

/** A message to a worker. */
export interface WorkerRequest {
  readonly task: SimulationTask;
  /** The saved state of the task, if it was begun before. */
  readonly kept?: { readonly state: Uint8Array; readonly rows: Uint8Array } | undefined;
  /** Whether it shall hand out what is to be kept. */
  readonly keeping: boolean;
}

/** A message from a worker. */
export type WorkerMessage =
  | { readonly type: "progress"; readonly progress: SimulationProgress }
  | { readonly type: "keep"; readonly state: Uint8Array; readonly rows: Uint8Array }
  | { readonly type: "done"; readonly simulation: Simulation }
  | { readonly type: "failed"; readonly code: ErrorCode | undefined; readonly message: string };

/** The worker's side: runs the requested tasks, one after the other. */
export async function answer(
  { task, kept, keeping }: WorkerRequest,
  post: (message: WorkerMessage, transfer: ArrayBuffer[]) => void,
): Promise<void> {
  try {
    const simulation = await runTask(task, {
      onProgress: (progress) => post({ type: "progress", progress }, []),
      ...(keeping && {
        store: {
          load: async () => kept,
          save: async (state, rows) => {
            const all = concatArrays(Uint8Array, rows);
            post({ type: "keep", state, rows: all }, [all.buffer as ArrayBuffer]);
          },
        },
      }),
    });
    post({ type: "done", simulation }, [simulation.x.data.buffer as ArrayBuffer]);
  } catch (error) {
    const code = error instanceof AnsatzError ? error.code : undefined;
    post({ type: "failed", code, message: error instanceof Error ? error.message : String(error) }, []);
  }
}
