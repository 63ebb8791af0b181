import { Worker } from "node:worker_threads";
import type { WorkerHandle, WorkerMessage } from "./messages.ts";

/** A worker runs built code, also where this file is run as source, by tests. */
const file = import.meta.url.endsWith(".ts")
  ? "../../../dist/systems/parallel/worker.node.js"
  : "./worker.node.js";

/** Starts a worker thread. */
export function spawnWorker(): WorkerHandle {
  const worker = new Worker(new URL(file, import.meta.url));
  let listeners: { message?: (message: WorkerMessage) => void; error?: (error: Error) => void } = {};
  worker.on("message", (message: WorkerMessage) => listeners.message?.(message));
  worker.on("error", (error: Error) => listeners.error?.(error));
  return {
    post: (request) => worker.postMessage(request),
    onMessage: (message) => {
      listeners = { ...listeners, message };
    },
    onError: (error) => {
      listeners = { ...listeners, error };
    },
    terminate: () => void worker.terminate(),
  };
}
