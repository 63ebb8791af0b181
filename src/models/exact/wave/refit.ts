import type { Dataset } from "../../../data/dataset.ts";
import { usageError } from "../../../error.ts";
import { sgd } from "../../../optim/index.ts";
import type { Key } from "../../../random/key.ts";
import { mapTree } from "../../../tensor/tree.ts";
import { isArray } from "../../arrays.ts";
import type { ModelBase, Parameters } from "../../contract.ts";

/**
 * Returns the parameters of a state fitted to other shots by its own course, from `parameters` on, which stay as they are. One start.
 * Throws AnsatzError (usage) for a model that has no course of its own.
 */
export async function refitState<P extends Parameters>(
  model: ModelBase<P>,
  parameters: P,
  dataset: Dataset,
  key: Key,
): Promise<P> {
  const objective = model.objective?.({ dataset, key, optimiser: sgd(), starts: 1 });
  const [player] = objective?.players ?? [];
  if (!objective?.state || !player || !("update" in player))
    throw usageError(`${model.family} is not fitted by a course of its own, so it has no refits`);
  const own = mapTree(parameters, isArray, (leaf) => ({ ...leaf, data: leaf.data.slice() })) as P;
  for (;;) {
    const { unfinished } = await player.update({ step: 0, parameters: own, state: objective.state });
    if (!unfinished) return own;
  }
}
