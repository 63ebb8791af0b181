import { Node, type Tensor } from "./tensor.ts";

/** Nodes that `outputs` rest on, each after its inputs. Walks without recursion: graphs can be deep. */
export function nodesOf(outputs: Iterable<Tensor>, stop: ReadonlySet<Node> = new Set()): Node[] {
  const order: Node[] = [];
  const state = new Map<Node, "open" | "done">();
  for (const output of outputs) {
    const pending = [output.node];
    while (pending.length > 0) {
      const node = pending.at(-1) as Node;
      const seen = state.get(node);
      if (seen !== undefined || stop.has(node)) {
        pending.pop();
        if (seen === "open") {
          state.set(node, "done");
          order.push(node);
        }
        continue;
      }
      state.set(node, "open");
      for (let i = node.inputs.length - 1; i >= 0; i--) {
        const next = (node.inputs[i] as Tensor).node;
        if (!state.has(next)) pending.push(next);
      }
    }
  }
  return order;
}

/** The nodes among `order` that rest on one of `sources`. */
export function dependents(order: readonly Node[], sources: ReadonlySet<Tensor>): Set<Node> {
  const found = new Set<Node>();
  for (const node of order) if (node.inputs.some((x) => sources.has(x) || found.has(x.node))) found.add(node);
  return found;
}

/**
 * Outputs with tensors replaced by others of the same type. Only nodes that rest on a replaced tensor are built
 * anew; a replaced tensor's own inputs are not visited.
 */
export function substitute(outputs: readonly Tensor[], replacements: ReadonlyMap<Tensor, Tensor>): Tensor[] {
  const whole = new Set<Node>();
  for (const t of replacements.keys())
    if (t.node.outputs.every((output) => replacements.has(output))) whole.add(t.node);
  const order = nodesOf(outputs, whole);
  const image = new Map<Tensor, Tensor>(replacements);
  const resolve = (t: Tensor) => image.get(t) ?? t;
  for (const node of order) {
    const inputs = node.inputs.map(resolve);
    if (inputs.every((x, i) => x === node.inputs[i])) continue;
    const copy = new Node(node.operation, inputs, node.attributes);
    node.outputs.forEach((t, i) => {
      if (!image.has(t)) image.set(t, copy.outputs[i] as Tensor);
    });
  }
  return outputs.map(resolve);
}
