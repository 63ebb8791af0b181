import type { NDArray, StorageType } from "../array.ts";
import { check } from "../data/check.ts";
import { siteShape, sites } from "../data/space.ts";
import { usageError } from "../error.ts";
import type { Domain, ModelBase } from "./contract.ts";

/** Numbers of a row's context, `[rows, n]`: one a site of its space; 0 where a model is not conditional. */
export function contextSize({ context }: Pick<Domain, "context">): number {
  return context ? sites(context) : 0;
}

/** Numbers that networks read of a row's context; 0 where a model is not conditional. */
export function contextFeatures(domain: Pick<Domain, "context">): number {
  return contextSize(domain);
}

/**
 * What rows are conditioned on as the graphs of a model take it, `[rows, n]`, from `context: [rows, ...]`; undefined where the
 * model is not conditional. Throws AnsatzError (usage) where it is missing or of another shape than the model's context
 * space, (input) for a value outside that space. `name` is of what the rows are in, for the message.
 */
export function contextFor<D extends StorageType>(
  model: Pick<ModelBase, "context" | "family">,
  context: NDArray<D> | undefined,
  rows: number,
  name?: string,
): NDArray<D> | undefined {
  const { context: space, family } = model;
  if (!space) return undefined;
  const where = name === undefined ? "" : `${name}: `;
  const n = contextSize(model);
  if (!context)
    throw usageError(
      `${where}this ${family} is conditional: it needs ${n} context value${n === 1 ? "" : "s"} a row`,
    );
  if (context.shape[0] !== rows || context.data.length !== rows * n)
    throw usageError(`${where}the context has shape [${context.shape}]; expected [${rows}, ${n}]`);
  const stored = { ...context, shape: [rows, ...siteShape(space)] } as NDArray;
  check(space, stored, name === undefined ? "the context" : `${name} (context)`, true);
  return { ...context, shape: [rows, n] };
}
