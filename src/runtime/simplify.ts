import type { DType, NDArray } from "../array.ts";
import { nodesOf } from "../tensor/graph.ts";
import { customOperation } from "../tensor/ops/custom.ts";
import { type ScanAttributes, scanOperation } from "../tensor/ops/scan.ts";
import {
  applyAll,
  constantOperation,
  inputOperation,
  Node,
  type Operation,
  type Tensor,
} from "../tensor/tensor.ts";
import { type Make, rewrite } from "./rewrite.ts";

/**
 * The same outputs by a smaller graph: equal subexpressions become one, operations that change nothing disappear,
 * known numbers are folded, and what nothing uses is gone, inside loops as well.
 */
export function simplify(outputs: readonly Tensor[]): Tensor[] {
  const image = new Map<Tensor, Tensor>();
  const known = new Map<string, Node>();
  const ids = new Map<Tensor, number>();
  const id = (t: Tensor) => {
    let n = ids.get(t);
    if (n === undefined) {
      n = ids.size;
      ids.set(t, n);
    }
    return n;
  };
  const resolve = (t: Tensor) => image.get(t) ?? t;
  const unique = (node: Node): Node => {
    const key = describe(node, id);
    if (key === undefined) return node;
    const same = known.get(key) ?? node;
    known.set(key, same);
    return same;
  };
  const make: Make = (made, inputs, attributes) => {
    const operation = made as Operation;
    const node = new Node(operation, inputs, attributes);
    const out = node.outputs[0] as Tensor;
    return rewrite(operation, inputs, attributes, out, make) ?? (unique(node).outputs[0] as Tensor);
  };

  for (const node of nodesOf(outputs)) {
    const inputs = node.inputs.map(resolve);
    const { operation, attributes } = node;
    const first = node.outputs[0] as Tensor;
    const simple = rewrite(operation, inputs, attributes, first, make);
    if (simple !== undefined) {
      image.set(first, simple);
      continue;
    }
    const unchanged = inputs.every((x, i) => x === node.inputs[i]);
    // Derivatives have been taken by now: what a custom derivative belonged to is its plain value.
    const results =
      operation === (customOperation as Operation)
        ? inputs.slice((attributes as { arguments: number }).arguments)
        : unique(unchanged ? node : new Node(operation, inputs, attributes)).outputs;
    node.outputs.forEach((t, i) => {
      image.set(t, results[i] as Tensor);
    });
  }
  return pruneLoops(outputs.map(resolve));
}

/** A key equal for equal expressions; undefined if the attributes cannot be compared. */
function describe({ operation, attributes, inputs }: Node, id: (t: Tensor) => number): string | undefined {
  if (operation === constantOperation) {
    const { data, shape, dtype } = attributes as NDArray<DType>;
    // Large arrays are known by identity: the nodes that share one are already one.
    if (data.length > 16) return undefined;
    return `constant ${dtype} ${shape} ${Array.from(data as ArrayLike<number | bigint>, (v) => (Object.is(v, -0) ? "-0" : v))}`;
  }
  if (operation === scanOperation || operation === inputOperation) return undefined;
  return `${operation.name} ${inputs.map(id)} ${JSON.stringify(attributes)}`;
}

/** Loops without the stacked outputs that nothing uses, their bodies simplified. */
function pruneLoops(outputs: readonly Tensor[]): Tensor[] {
  const order = nodesOf(outputs);
  const used = new Set([...outputs, ...order.flatMap((n) => n.inputs)]);
  if (!order.some((n) => n.operation === scanOperation)) return [...outputs];
  const image = new Map<Tensor, Tensor>();
  const resolve = (t: Tensor) => image.get(t) ?? t;
  // From the outputs backwards a loop may lose outputs, and with them uses of an earlier loop: repeat until stable.
  let dropped = false;
  for (const node of order) {
    const inputs = node.inputs.map(resolve);
    if (node.operation !== scanOperation) {
      if (inputs.every((x, i) => x === node.inputs[i])) continue;
      const copy = new Node(node.operation, inputs, node.attributes);
      node.outputs.forEach((t, i) => {
        image.set(t, copy.outputs[i] as Tensor);
      });
      continue;
    }
    const body = node.attributes as ScanAttributes;
    const keep = node.outputs.flatMap((t, i) => (i < body.carries || used.has(t) ? [i] : []));
    const results = simplify(keep.map((i) => body.outputs[i] as Tensor));
    const reads = new Set([...results, ...nodesOf(results).flatMap((n) => n.inputs)]);
    const needed = body.inputs.flatMap((t, i) => (i < body.carries || reads.has(t) ? [i] : []));
    dropped ||= needed.length < body.inputs.length;
    const lean = applyAll(
      scanOperation,
      needed.map((i) => inputs[i] as Tensor),
      {
        ...body,
        inputs: needed.map((i) => body.inputs[i] as Tensor),
        outputs: results,
        sequences: needed.filter((i) => i >= body.carries && i < body.carries + body.sequences).length,
      },
    );
    keep.forEach((i, j) => {
      image.set(node.outputs[i] as Tensor, lean[j] as Tensor);
    });
  }
  const lean = outputs.map(resolve);
  return dropped ? pruneLoops(lean) : lean;
}
