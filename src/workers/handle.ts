/** Names of the workers; `spawn.node.ts` and `spawn.web.ts` have the places of their files. */
export type WorkerName = "simulation" | "shallow";

/** A worker as who started it sees it, in Node or in a browser. */
export interface WorkerHandle<Request, Message> {
  post(request: Request): void;
  /** Calls back with every message; a later listener replaces the one before. */
  onMessage(listen: (message: Message) => void): void;
  /** Calls back when the worker fails; a later listener replaces the one before. */
  onError(listen: (error: Error) => void): void;
  /** Sets whether the worker keeps the program alive (initially true); a page ends when it is closed. */
  hold(alive: boolean): void;
  terminate(): void;
}
