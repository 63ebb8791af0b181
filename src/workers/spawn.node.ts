import { Worker } from "node:worker_threads";
import type { WorkerHandle, WorkerName } from "./handle.ts";

/** The folder of built code, which a worker runs even if this file runs as source, in tests. */
const built = import.meta.url.endsWith(".ts") ? "../../dist" : "..";

const files: Readonly<Record<WorkerName, string>> = {
  simulation: "systems/parallel/worker.node.js",
  shallow: "kernels/shallow-worker.node.js",
};

/** Starts a worker thread. */
export function spawnWorker<Request, Message>(name: WorkerName): WorkerHandle<Request, Message> {
  const worker = new Worker(new URL(`${built}/${files[name]}`, import.meta.url));
  let listeners: { message?: (message: Message) => void; error?: (error: Error) => void } = {};
  worker.on("message", (message: Message) => listeners.message?.(message));
  worker.on("error", (error: Error) => listeners.error?.(error));
  return {
    post: (request) => worker.postMessage(request),
    onMessage: (message) => {
      listeners = { ...listeners, message };
    },
    onError: (error) => {
      listeners = { ...listeners, error };
    },
    hold: (alive) => (alive ? worker.ref() : worker.unref()),
    terminate: () => void worker.terminate(),
  };
}
