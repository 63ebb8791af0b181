import { AnsatzError, usageError } from "../error.ts";
import { derivatives } from "./derivatives/table.ts";
import { dependents, nodesOf } from "./graph.ts";
import { identity } from "./ops/custom.ts";
import { ones, zeros } from "./ops/fill.ts";
import { scatterAddOperation } from "./ops/gather.ts";
import { concat, flatten, reshape } from "./ops/layout.ts";
import { elements, formatShape } from "./shape.ts";
import { isFloat, isTensor, type Tensor } from "./tensor.ts";
import { total } from "./total.ts";
import { leaves, type MapLeaves, mapTree } from "./tree.ts";

/**
 * Reverse-mode derivative: returns for each of `targets` the terms that sum to its cotangent. The terms are
 * kept apart so that loops and sparse tables can treat each in its own way; {@link total} adds them.
 */
export function pullback(
  outputs: readonly Tensor[],
  cotangents: readonly (Tensor | undefined)[],
  targets: readonly Tensor[],
): Tensor[][] {
  const sources = new Set(targets);
  const order = nodesOf(
    outputs,
    new Set(targets.filter((t) => t.node.outputs.length === 1).map((t) => t.node)),
  );
  const active = dependents(order, sources);
  const terms = new Map<Tensor, Tensor[]>();
  const send = (t: Tensor, term: Tensor) => {
    const list = terms.get(t);
    if (list) list.push(term);
    else terms.set(t, [term]);
  };
  outputs.forEach((t, i) => {
    const g = cotangents[i];
    if (g !== undefined && isFloat(t.dtype)) send(t, g);
  });
  for (const node of order.reverse()) {
    if (!active.has(node)) continue;
    const arrived = node.outputs.map((t) => (sources.has(t) ? undefined : total(terms.get(t) ?? [])));
    if (arrived.every((g) => g === undefined)) continue;
    const { operation, inputs, attributes } = node;
    const step = { inputs, outputs: node.outputs, attributes, cotangents: arrived };
    const rule = derivatives.get(operation);
    if (!rule && !operation.derivative) throw new AnsatzError("usage", `${operation.name} has no derivative`);
    const back = rule ? rule(step, pullback) : (operation.derivative?.(step) ?? []);
    inputs.forEach((x, i) => {
      const g = back[i];
      if (g !== undefined && isFloat(x.dtype) && (sources.has(x) || active.has(x.node))) send(x, g);
    });
  }
  return targets.map((t) => terms.get(t) ?? []);
}

/**
 * The gradient of a table that is only used through gathered rows: row `ids[i]` receives `rows[i]`; ids may
 * repeat.
 */
export interface RowGradient {
  /** [n], the integer type of the indices. */
  readonly ids: Tensor;
  /** [n, ...row]. */
  readonly rows: Tensor;
}

/** The terms of a row-sparse cotangent as one list of rows; throws if the tensor is used other than by `gather`. */
function rowGradient(target: Tensor, terms: readonly Tensor[]): RowGradient {
  const row = target.shape.slice(1);
  const parts = terms.map((term) => {
    const { operation, inputs, attributes } = term.node;
    if (operation !== scatterAddOperation || (attributes as { axis: number }).axis !== 0)
      throw usageError(
        `a row-sparse parameter of shape ${formatShape(target.shape)} may only be used by gather`,
      );
    const [updates, indices] = inputs as [Tensor, Tensor];
    return { ids: flatten(indices), rows: reshape(updates, [elements(indices.shape), ...row]) };
  });
  if (parts.length === 0) throw usageError("the value does not depend on a row-sparse parameter");
  return { ids: concat(parts.map((p) => p.ids)), rows: concat(parts.map((p) => p.rows)) };
}

/** Which derivative {@link valueAndGrad} takes. */
export interface GradOptions {
  /** Leaves, by path such as `embedding.table`, for which the gradient is returned as {@link RowGradient}. */
  readonly sparse?: readonly string[];
}

/** A gradient's shape: the parameters' tree, with a tensor (or rows, if requested) at each leaf. */
export type GradientOf<P> = MapLeaves<P, Tensor, Tensor>;

/**
 * A function's value and its gradient with respect to its first argument, a tree of tensors. The function returns a
 * scalar, or `[scalar, auxiliary]`; integer leaves have gradient zero.
 */
export function valueAndGrad<P, A extends unknown[], R extends Tensor | readonly [Tensor, unknown]>(
  f: (parameters: P, ...rest: A) => R,
  options: GradOptions = {},
): (parameters: P, ...rest: A) => { value: R; gradient: GradientOf<P>; sparse: Record<string, RowGradient> } {
  return (parameters, ...rest) => {
    const own = mapTree(parameters, isTensor, (t) => identity(t));
    const value = f(own as P, ...rest);
    const loss = isTensor(value) ? value : value[0];
    if (loss.shape.length !== 0 || !isFloat(loss.dtype))
      throw usageError(
        `grad: the value must be a real scalar, got shape ${formatShape(loss.shape)}, ${loss.dtype}`,
      );
    const targets = leaves(own, isTensor);
    const terms = pullback([loss], [ones([], loss.dtype)], targets);
    const sparse: Record<string, RowGradient> = {};
    let i = 0;
    const gradient = mapTree(parameters, isTensor, (t, path) => {
      const mine = terms[i++] as Tensor[];
      if (!options.sparse?.includes(path)) return total(mine) ?? zeros(t.shape, t.dtype);
      sparse[path] = rowGradient(t, mine);
      return zeros([0], t.dtype);
    });
    return { value, gradient: gradient as GradientOf<P>, sparse };
  };
}

/** The gradient of a scalar function with respect to its first argument, a tree of tensors. */
export function grad<P, A extends unknown[]>(
  f: (parameters: P, ...rest: A) => Tensor,
): (parameters: P, ...rest: A) => GradientOf<P> {
  const both = valueAndGrad(f);
  return (parameters, ...rest) => both(parameters, ...rest).gradient;
}
