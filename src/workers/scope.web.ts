/** What a worker's global object has beyond a page's, for which there are no types. */
export interface WorkerScope<Request> {
  /** Sends a message to whoever started the worker; what is transferred is gone here. */
  postMessage(message: unknown, transfer?: ArrayBuffer[]): void;
  /** Is called with each request. */
  onmessage: ((event: { readonly data: Request }) => void) | null;
}

/** The global object of the worker that this runs in. */
export const workerScope = <Request>(): WorkerScope<Request> => globalThis as unknown as WorkerScope<Request>;
