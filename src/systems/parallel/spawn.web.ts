import type { WorkerHandle, WorkerMessage } from "./messages.ts";

/** Starts a module worker; bundlers find its file by this form of URL. */
export function spawnWorker(): WorkerHandle {
  const worker = new Worker(new URL("./worker.web.js", import.meta.url), { type: "module" });
  return {
    post: (request) => worker.postMessage(request),
    onMessage: (listen) => {
      worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => listen(data);
    },
    onError: (listen) => {
      worker.onerror = (event) => listen(new Error(event.message));
    },
    terminate: () => worker.terminate(),
  };
}
