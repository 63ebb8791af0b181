import { type DType, type NDArray, takeRows } from "../array.ts";
import { floatRows } from "../data/batches.ts";
import type { Dataset } from "../data/dataset.ts";
import { sites } from "../data/space.ts";
import { isArray, modelRows, specsOf } from "../models/arrays.ts";
import type { ModelBase, Parameters } from "../models/contract.ts";
import type { Key } from "../random/key.ts";
import { permutation } from "../random/permutation.ts";
import { Program } from "../runtime/program.ts";
import { Spec, trace } from "../runtime/trace.ts";
import { leaves } from "../tensor/tree.ts";

/** Training rows that parameters are adapted to, at most, and numbers in them: all pass through the model at once. */
const ROWS = 4096;
const NUMBERS = 2 ** 20;

/** Replaces fresh parameters by ones that suit the data, if the model knows any; see `ModelBase.adapt`. */
export async function adaptToData<P extends Parameters>(
  model: ModelBase<P>,
  parameters: P,
  dataset: Dataset,
  context: NDArray | undefined,
  threads: number,
  key: Key,
): Promise<void> {
  const { adapt, space } = model;
  if (!adapt) return;
  const { train } = dataset.splits;
  const most = Math.max(64, Math.min(ROWS, Math.floor(NUMBERS / sites(space))));
  const chosen =
    train.length <= most
      ? train
      : permutation(key, train.length)
          .subarray(0, most)
          .map((i) => train[i] as number);
  const count = chosen.length;
  const arrays: NDArray<DType>[] = [modelRows(space, takeRows(dataset.x, chosen), 0, count)];
  if (context) arrays.push(floatRows(context, chosen));
  const tree = specsOf(parameters);
  const [x, given] = arrays.map(({ shape, dtype }) => new Spec(shape, dtype)) as [Spec, Spec?];
  const program = await Program.compile(trace(adapt, [tree, x, given]), { threads });
  try {
    const memory = leaves(parameters, isArray);
    const results = await program.run([...memory, ...arrays]);
    if (results.length !== memory.length)
      throw new Error(
        `adapt returns ${results.length} arrays for the ${memory.length} parameters of the model`,
      );
    memory.forEach((array, i) => {
      array.data.set((results[i] as NDArray<"f32">).data);
    });
  } finally {
    await program.release();
  }
}
