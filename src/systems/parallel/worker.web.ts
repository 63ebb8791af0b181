// The worker of a simulation in a browser.

import { workerScope } from "../../workers/scope.web.ts";
import { answer, type WorkerRequest } from "./messages.ts";

const scope = workerScope<WorkerRequest>();

scope.onmessage = ({ data }) => {
  void answer(data, (message, transfer) => scope.postMessage(message, transfer));
};
