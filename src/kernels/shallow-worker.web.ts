// The worker that draws rows in a browser.

import { workerScope } from "../workers/scope.web.ts";
import { type ShallowRequest, shallowAnswers } from "./shallow-messages.ts";

const scope = workerScope<ShallowRequest>();

const answer = shallowAnswers();
scope.onmessage = ({ data }) => {
  const reply = answer(data);
  if (reply) scope.postMessage(reply);
};
