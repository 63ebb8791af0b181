import { type NDArray, sizeOf } from "../array.ts";
import { epochOrder, gatherRows } from "../data/batches.ts";
import type { Dataset } from "../data/dataset.ts";
import { addLevelNoise } from "../data/levels.ts";
import { levelCount, type Space } from "../data/space.ts";
import { augment, type SymmetryName, symmetryGroup } from "../data/symmetry.ts";
import type { ModelBase } from "../models/contract.ts";
import type { Key } from "../random/key.ts";
import type { BatchData, RowType, Source } from "./course.ts";
import { rowTypes } from "./row-types.ts";

/** The keys of what is random in a source. */
export interface SourceKeys {
  readonly order: Key;
  readonly augment: Key;
}

const bufferOf = ({ dtype }: RowType, length: number): BatchData =>
  dtype === "i32" ? new Int32Array(length) : new Float32Array(length);

/**
 * Training rows in the order of each epoch, augmented by lattice symmetries where asked, grey levels with fresh noise. Batch n of
 * all training follows from n alone, so a resumed fit sees the rows it would have seen. Where a step has several updates,
 * each takes the next batch.
 */
export function rowSource(
  model: Pick<ModelBase, "space" | "context">,
  { x, splits }: Dataset,
  context: NDArray | undefined,
  keys: SourceKeys,
  batch: number,
  symmetries: readonly SymmetryName[],
): Source {
  const types = rowTypes(model);
  const perEpoch = Math.floor(splits.train.length / batch);
  const perturb = perturbation(model.space, sizeOf(types.x.shape), batch, keys.augment, symmetries);
  let order: { epoch: number; rows: Uint32Array } | undefined;
  // Buffers of each update of a step, used again.
  const buffers: { x: BatchData; context: BatchData }[] = [];

  const gather = (type: RowType, from: NDArray, rows: Uint32Array, into: BatchData): BatchData => {
    const data = into.subarray(0, rows.length * sizeOf(type.shape));
    gatherRows(from, rows, data);
    return data;
  };
  return {
    ...types,
    async fill({ step, steps, updates }) {
      const filled = Array.from({ length: updates }, (_, update) => {
        const first = step * updates + update;
        const epoch = Math.floor(first / perEpoch);
        if (order?.epoch !== epoch) order = { epoch, rows: epochOrder(keys.order, epoch, splits.train) };
        const from = (first % perEpoch) * batch;
        const rows = order.rows.subarray(from, from + steps * batch);
        let own = buffers[update];
        if (!own || own.x.length < rows.length * sizeOf(types.x.shape)) {
          const length = (type: RowType | undefined) => (type ? rows.length * sizeOf(type.shape) : 0);
          own = {
            x: bufferOf(types.x, length(types.x)),
            context: bufferOf(types.context ?? types.x, length(types.context)),
          };
          buffers[update] = own;
        }
        const data = gather(types.x, x, rows, own.x);
        perturb(data, rows.length, first);
        return {
          x: data,
          context: context && types.context && gather(types.context, context, rows, own.context),
        };
      });
      return {
        x: filled.map((one) => one.x),
        ...(types.context && { context: filled.map((one) => one.context as BatchData) }),
      };
    },
    release: async () => undefined,
  };
}

/** Changes gathered rows, batch by batch: fresh noise between grey levels, random symmetries. */
function perturbation(
  space: Space,
  width: number,
  batch: number,
  key: Key,
  symmetries: readonly SymmetryName[],
): (data: BatchData, rows: number, first: number) => void {
  const levels = levelCount(space);
  const group = symmetries.length > 0 ? symmetryGroup(space, symmetries) : undefined;
  return (data, rows, first) => {
    if (levels !== undefined)
      for (let i = 0; i < rows / batch; i++) {
        const own = data.subarray(i * batch * width, (i + 1) * batch * width) as Float32Array;
        addLevelNoise(own, levels, key.fold(first + i).fold(1));
      }
    if (group) augment(data, rows, group, key.fold(first));
  };
}
