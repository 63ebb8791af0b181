// The worker thread of a simulation in Node.
import { parentPort } from "node:worker_threads";
import { answer, type WorkerRequest } from "./messages.ts";

parentPort?.on("message", (request: WorkerRequest) => {
  void answer(request, (message, transfer) => parentPort?.postMessage(message, transfer));
});
