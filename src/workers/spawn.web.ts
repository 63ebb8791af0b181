import type { WorkerHandle, WorkerName } from "./handle.ts";

/** Bundlers find a worker's file by this form of URL. */
const starts: Readonly<Record<WorkerName, () => Worker>> = {
  simulation: () =>
    new Worker(new URL("../systems/parallel/worker.web.js", import.meta.url), { type: "module" }),
  shallow: () => new Worker(new URL("../kernels/shallow-worker.web.js", import.meta.url), { type: "module" }),
};

/** Starts a module worker. */
export function spawnWorker<Request, Message>(name: WorkerName): WorkerHandle<Request, Message> {
  const worker = starts[name]();
  return {
    post: (request) => worker.postMessage(request),
    onMessage: (listen) => {
      worker.onmessage = ({ data }: MessageEvent<Message>) => listen(data);
    },
    onError: (listen) => {
      worker.onerror = (event) => listen(new Error(event.message));
    },
    hold: () => {},
    terminate: () => worker.terminate(),
  };
}
