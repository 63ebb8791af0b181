import type { TrainEvent } from "./event.ts";
import type { Training } from "./training.ts";

/**
 * Runs a training to its end and returns the model; `reader` sees every event.
 *
 * @deprecated `training.result(reader)` is the same.
 */
export function finish<M>(training: Training<M>, reader?: (event: TrainEvent) => void): Promise<M> {
  return training.result(reader);
}
