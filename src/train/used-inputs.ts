import type { Traced } from "../runtime/trace.ts";
import { nodesOf } from "../tensor/graph.ts";

/**
 * A traced function without the inputs that it does not use, of the `count` from number `from` on, and which of those it
 * does use: state of a course that is of no concern to a player costs it nothing.
 */
export function withoutUnused(
  traced: Traced,
  from: number,
  count: number,
): { readonly graph: Traced; readonly used: readonly boolean[] } {
  const nodes = new Set(nodesOf(traced.outputs.map(({ tensor }) => tensor)));
  const used = traced.inputs.slice(from, from + count).map(({ tensor }) => nodes.has(tensor.node));
  const inputs = traced.inputs.filter((_, i) => i < from || i >= from + count || used[i - from]);
  return { graph: { ...traced, inputs }, used };
}
