// The worker of a simulation in a browser.
import { answer, type WorkerRequest } from "./messages.ts";

/** What a worker's global object has beyond a page's. */
const scope = globalThis as unknown as {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  onmessage: ((event: { data: WorkerRequest }) => void) | null;
};

scope.onmessage = ({ data }) => {
  void answer(data, (message, transfer) => scope.postMessage(message, transfer));
};
