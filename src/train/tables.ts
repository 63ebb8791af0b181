import { sizeOf } from "../array.ts";
import { usageError } from "../error.ts";
import { isArray } from "../models/arrays.ts";
import type { ModelBase, Parameters } from "../models/contract.ts";
import { type Optimiser, type RowTable, rowTable } from "../optim/index.ts";
import { leavesWithPaths } from "../tensor/tree.ts";

/** A row-sparse parameter with its optimiser state. */
export interface TrainedTable extends RowTable {
  readonly optimiser: Optimiser;
}

/** The row-sparse parameters of a model, by path. */
export type Tables = ReadonlyMap<string, TrainedTable>;

/**
 * Maximum number of bytes of one table with its optimiser state: a WebAssembly memory, minus room for
 * gradient rows.
 */
const mostBytes = 4e9;

/**
 * Allocates the tables of a model's row-sparse parameters and fills them in; `ruleOf` returns the rule that
 * updates a table. Throws AnsatzError (usage) for a path that is no parameter or has a mask, and, before
 * anything is allocated, for a table of more than 4 GB with its state.
 */
export function allocateTables(
  model: Pick<ModelBase, "family" | "sparse" | "masks" | "decays">,
  parameters: Parameters,
  ruleOf: (path: string) => Optimiser,
): Tables {
  const arrays = new Map(leavesWithPaths(parameters, isArray));
  const tables = new Map<string, TrainedTable>();
  for (const path of model.sparse ?? []) {
    const array = arrays.get(path);
    const rows = array?.shape[0];
    if (array === undefined || rows === undefined)
      throw usageError(`${model.family} has no parameter '${path}' of one axis or more to keep by rows`);
    if (model.masks?.[path])
      throw usageError(`${model.family}: row-sparse parameters such as '${path}' have no mask`);
    const width = sizeOf(array.shape.slice(1));
    const optimiser = ruleOf(path);
    const { stateVectors } = optimiser;
    const bytes = 4 * rows * width * (1 + stateVectors.length);
    if (bytes > mostBytes)
      throw usageError(
        `'${path}' of ${rows} rows of ${width} numbers takes ${(bytes / 1e9).toFixed(1)} GB with the state of ` +
          `${optimiser.name}, more than the ${mostBytes / 1e9} GB a table may have; give fewer states, narrower rows or another optimiser`,
      );
    const table = rowTable({ rows, width, stateVectors, decays: model.decays?.(path) ?? true });
    table.params.set(array.data);
    tables.set(path, { ...table, optimiser });
  }
  return tables;
}

/** The parameters of each table, not copied. */
export function tableParameters(tables: Tables): Map<string, Float32Array> {
  return new Map([...tables].map(([path, { params }]) => [path, params]));
}
