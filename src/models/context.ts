import { type NDArray, ndarray, type StorageType } from "../array.ts";
import { counted } from "../counted.ts";
import { check } from "../data/check.ts";
import { type Space, siteShape, sites, stateCount } from "../data/space.ts";
import { numbers } from "../data/values.ts";
import { usageError } from "../error.ts";
import { arange, cast, concat, cos, equal, expandDims, reshape, sin, type Tensor } from "../tensor/index.ts";
import type { Domain, ModelBase } from "./contract.ts";

/**
 * Returns the number of values of a row's context, `[rows, n]`: one per site of its space; 0 if the model is
 * not conditional.
 */
export function contextSize({ context }: Pick<Domain, "context">): number {
  return context ? sites(context) : 0;
}

/**
 * Returns the number of inputs of networks from a row's context; 0 if the model is not conditional. Real
 * numbers, grey levels and bits are read unchanged. Angles are read as their cosines and sines, states and
 * symbols one-hot: neither has a size or an origin.
 */
export function contextFeatures({ context }: Pick<Domain, "context">): number {
  return context ? sites(context) * featuresOf(context) : 0;
}

/** Number of inputs for one site of a context. */
function featuresOf(space: Space): number {
  if (space.kind === "circle") return 2;
  return space.kind === "binary" ? 1 : (stateCount(space) ?? 1);
}

/**
 * Returns a function from contexts `[batch, n]` of a space to the inputs of networks,
 * `[batch, contextFeatures]`; see {@link contextFeatures}.
 */
export function contextReader(space: Space | undefined): (context: Tensor | undefined) => Tensor | undefined {
  if (!space || (space.kind !== "circle" && featuresOf(space) === 1)) return (context) => context;
  const width = contextFeatures({ context: space });
  return (context) => {
    if (!context) return undefined;
    if (space.kind === "circle") return concat([cos(context), sin(context)], 1);
    const states = arange(featuresOf(space), context.dtype);
    const chosen = cast(equal(expandDims(context, -1), states), context.dtype);
    return reshape(chosen, [context.shape[0] as number, width]);
  };
}

/**
 * Returns the contexts of rows in the form that the graphs of a model take, `[rows, n]`, from
 * `context: [rows, ...]`; undefined if the model is not conditional. Throws AnsatzError (usage) if it is
 * missing or of another shape than the model's context space, (input) for a value outside that space. `name`
 * names the container of the rows, for the message.
 */
export function contextFor<D extends StorageType>(
  model: Pick<ModelBase, "context" | "family" | "refusesContext">,
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
      `${where}this ${family} is conditional: it needs a context of ${counted(n, "value")} per row (--context)`,
    );
  if (context.shape[0] !== rows || context.data.length !== rows * n)
    throw usageError(`${where}the context has shape [${context.shape}]; expected [${rows}, ${n}]`);
  const stored = { ...context, shape: [rows, ...siteShape(space)] } as NDArray;
  check(space, stored, name === undefined ? "the context" : `${name} (context)`, true);
  const refused = model.refusesContext?.(stored);
  if (refused !== undefined) throw usageError(`${where}${refused}`);
  return { ...context, shape: [rows, n] };
}

/** The same as graphs are fed it: in single precision, also where a dataset keeps labels as whole numbers. */
export function contextFloats(
  model: Pick<ModelBase, "context" | "family" | "refusesContext">,
  context: NDArray | undefined,
  rows: number,
): NDArray<"f32"> | undefined {
  const given = contextFor(model, context, rows);
  if (!given || given.dtype === "f32") return given as NDArray<"f32"> | undefined;
  return ndarray("f32", given.shape, Float32Array.from(numbers(given)));
}
