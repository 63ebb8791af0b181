import { spawnWorker } from "#workers";
import { AnsatzError } from "../error.ts";
import type { Key } from "../random/key.ts";
import type { WorkerHandle } from "../workers/handle.ts";
import type { ShallowNetwork, ShallowRows } from "./shallow.ts";
import type { ShallowAnswer, ShallowRequest } from "./shallow-messages.ts";

/** A {@link ShallowSampler} in a worker: calls queue up, and are answered in their order. */
export class ShallowWorker {
  private readonly worker: WorkerHandle<ShallowRequest, ShallowAnswer>;
  private readonly waiting: { resolve(rows: ShallowRows): void; reject(error: Error): void }[] = [];

  /** @param rows The largest number of rows of a call. */
  constructor(network: ShallowNetwork, rows: number) {
    this.worker = spawnWorker("shallow");
    this.worker.onMessage((answer) => {
      const next = this.waiting.shift();
      this.hold();
      if ("drawn" in answer) next?.resolve(answer.drawn);
      else next?.reject(new AnsatzError("failure", answer.failed));
    });
    this.worker.onError((error) => {
      for (const { reject } of this.waiting.splice(0)) reject(error);
    });
    this.worker.post({ type: "network", network, rows });
    this.hold();
  }

  /** An idle worker does not keep the program from ending. */
  private hold(): void {
    this.worker.hold(this.waiting.length > 0);
  }

  /** `rows` rows by the uniform numbers of a key, as `ShallowSampler.draw` gives them. */
  draw(rows: number, key: Key, temperature: number): Promise<ShallowRows> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.hold();
      this.worker.post({ type: "draw", rows, key: [key.k0, key.k1], temperature });
    });
  }

  /** Ends the worker; rows still asked for never come. */
  release(): void {
    this.worker.terminate();
  }
}
