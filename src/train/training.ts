import { AnsatzError } from "../error.ts";
import type { TrainEvent } from "./event.ts";

/**
 * A training: events as they come (`for await`), and the model at its end ({@link Training.result}). It
 * begins when the first event is asked for, and every event is delivered once. Leaving a `for await` before
 * its end stops the training: what it compiled is freed, and there is no result.
 */
export class Training<M> implements AsyncIterable<TrainEvent> {
  readonly #events: AsyncIterator<TrainEvent, M>;
  #ended: { readonly model: M } | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(events: AsyncGenerator<TrainEvent, M>) {
    this.#events = events;
  }

  /**
   * The events not yet delivered, for `for await`. A second loop continues after the first; after the end it
   * yields none. After a training that failed it throws the same error again, and after one that was left
   * before its end it throws AnsatzError (interrupted).
   */
  [Symbol.asyncIterator](): AsyncIterator<TrainEvent, undefined> {
    return {
      next: async () => {
        const event = await this.#next();
        return event ? { value: event, done: false } : { value: undefined, done: true };
      },
      return: async () => {
        if (!this.#ended)
          this.#failure ??= { error: new AnsatzError("interrupted", "the training was left before its end") };
        await this.#events.return?.();
        return { value: undefined, done: true };
      },
    };
  }

  /** Runs to the end, telling `reader` every event that nobody has seen yet, and returns the model. */
  async result(reader?: (event: TrainEvent) => void): Promise<M> {
    for (let event = await this.#next(); event; event = await this.#next()) reader?.(event);
    return (this.#ended as { readonly model: M }).model;
  }

  /** The next event; undefined at the end. */
  async #next(): Promise<TrainEvent | undefined> {
    if (this.#failure) throw this.#failure.error;
    if (this.#ended) return undefined;
    try {
      const next = await this.#events.next();
      if (!next.done) return next.value;
      this.#ended = { model: next.value };
      return undefined;
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }
}
