import { type NDArray, sizeOf } from "../array.ts";
import { epochOrder, gatherRows } from "../data/batches.ts";
import type { Dataset } from "../data/dataset.ts";
import { addLevelNoise } from "../data/levels.ts";
import { levelCount, siteShape } from "../data/space.ts";
import { augment, symmetryGroup } from "../data/symmetry.ts";
import { inputType, type ModelBase } from "../models/contract.ts";
import type { Key } from "../random/key.ts";
import type { FitSettings } from "./options.ts";
import type { StepInput } from "./stepper.ts";

/** Minibatches `first` … `first + count − 1` of an epoch, laid end to end; `step` numbers the first over all epochs. */
export type Feeder = (
  epoch: number,
  first: number,
  count: number,
  step: number,
) => Pick<StepInput, "x" | "context">;

/**
 * Feeds training rows in the order of each epoch, augmented by lattice symmetries where asked, grey levels with fresh noise. What a step is fed
 * depends on its epoch and number alone, so a resumed fit sees the rows it would have seen. Its buffers are reused.
 */
export function makeFeeder(
  { space, contextSize }: ModelBase,
  { x, splits }: Dataset,
  context: NDArray | undefined,
  keys: { readonly order: Key; readonly augment: Key },
  batch: number,
  settings: FitSettings,
): Feeder {
  const width = sizeOf(siteShape(space));
  const integer = inputType(space) === "i32";
  const levels = levelCount(space);
  const group = settings.augment.length > 0 ? symmetryGroup(space, settings.augment) : undefined;
  let buffer: Float32Array | Int32Array = new Float32Array(0);
  let contexts = new Float32Array(0);
  let order: { epoch: number; rows: Uint32Array } | undefined;
  return (epoch, first, count, step) => {
    if (order?.epoch !== epoch) order = { epoch, rows: epochOrder(keys.order, epoch, splits.train) };
    const rows = count * batch;
    if (buffer.length < rows * width) {
      buffer = integer ? new Int32Array(rows * width) : new Float32Array(rows * width);
      contexts = new Float32Array(rows * contextSize);
    }
    const chosen = order.rows.subarray(first * batch, first * batch + rows);
    gatherRows(x, chosen, buffer);
    if (context) gatherRows(context, chosen, contexts);
    if (levels !== undefined)
      for (let i = 0; i < count; i++) {
        const own = buffer.subarray(i * batch * width, (i + 1) * batch * width) as Float32Array;
        addLevelNoise(own, levels, keys.augment.fold(step + i).fold(1));
      }
    if (group) augment(buffer, rows, group, keys.augment.fold(step));
    return {
      x: buffer.subarray(0, rows * width),
      context: context && contexts.subarray(0, rows * contextSize),
    };
  };
}
