// The worker that draws rows in a browser.
import { type ShallowRequest, shallowAnswers } from "./shallow-messages.ts";

/** What a worker's global object has beyond a page's. */
const scope = globalThis as unknown as {
  postMessage(message: unknown): void;
  onmessage: ((event: { data: ShallowRequest }) => void) | null;
};

const answer = shallowAnswers();
scope.onmessage = ({ data }) => {
  const reply = answer(data);
  if (reply) scope.postMessage(reply);
};
