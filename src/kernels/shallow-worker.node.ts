// The worker thread that draws rows in Node.
import { parentPort } from "node:worker_threads";
import { type ShallowRequest, shallowAnswers } from "./shallow-messages.ts";

const answer = shallowAnswers();
parentPort?.on("message", (request: ShallowRequest) => {
  const reply = answer(request);
  if (reply) parentPort?.postMessage(reply);
});
