import type { DType, NDArray } from "../array.ts";
import { nodesOf } from "../tensor/graph.ts";
import { addOperation, divOperation, mulOperation, subOperation } from "../tensor/ops/arithmetic.ts";
import { knownScalar, scalar } from "../tensor/ops/constant.ts";
import { identityOperation, stopGradientOperation } from "../tensor/ops/custom.ts";
import { negOperation } from "../tensor/ops/elementwise.ts";
import { reshape, reshapeOperation, transpose, transposeOperation } from "../tensor/ops/layout.ts";
import { type ScanAttributes, scanOperation } from "../tensor/ops/scan.ts";
import { sameShape } from "../tensor/shape.ts";
import {
  applyAll,
  constantOperation,
  inputOperation,
  Node,
  type Operation,
  type Tensor,
} from "../tensor/tensor.ts";

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
    if (n === undefined) ids.set(t, (n = ids.size));
    return n;
  };
  const resolve = (t: Tensor) => image.get(t) ?? t;

  for (const node of nodesOf(outputs)) {
    const inputs = node.inputs.map(resolve);
    const short = shortcut(node, inputs);
    if (short !== undefined) {
      image.set(node.outputs[0] as Tensor, short);
      continue;
    }
    const key = node.operation === inputOperation ? undefined : describe(node, inputs.map(id));
    const same = key === undefined ? undefined : known.get(key);
    const unchanged = inputs.every((x, i) => x === node.inputs[i]);
    const result = same ?? (unchanged ? node : new Node(node.operation, inputs, node.attributes));
    if (key !== undefined) known.set(key, result);
    node.outputs.forEach((t, i) => {
      image.set(t, result.outputs[i] as Tensor);
    });
  }
  return pruneLoops(outputs.map(resolve));
}

/** A key equal for equal expressions; undefined where the attributes hold what cannot be compared. */
function describe(node: Node, inputs: readonly number[]): string | undefined {
  const { operation, attributes } = node;
  if (operation === constantOperation) {
    const { data, shape, dtype } = attributes as NDArray<DType>;
    // Large arrays are known by identity: the nodes that share one are already one.
    return data.length > 16 ? undefined : `constant ${dtype} ${shape} ${data}`;
  }
  if (operation === scanOperation || operation.name === "custom") return undefined;
  return `${operation.name} ${inputs} ${JSON.stringify(attributes)}`;
}

const arithmetic = new Map<Operation, (a: number, b: number) => number>([
  [addOperation as Operation, (a, b) => a + b],
  [subOperation as Operation, (a, b) => a - b],
  [mulOperation as Operation, (a, b) => a * b],
]);

/** A tensor already at hand that equals this application, or undefined. */
function shortcut(node: Node, inputs: readonly Tensor[]): Tensor | undefined {
  const operation = node.operation;
  const [a, b] = inputs as [Tensor, Tensor?];
  if (operation === identityOperation || operation === stopGradientOperation) return a;
  if (operation === transposeOperation && a.node.operation === transposeOperation) {
    const outer = (node.attributes as { permutation: number[] }).permutation;
    const inner = (a.node.attributes as { permutation: number[] }).permutation;
    return transpose(
      a.node.inputs[0] as Tensor,
      outer.map((p) => inner[p] as number),
    );
  }
  if (operation === reshapeOperation && a.node.operation === reshapeOperation)
    return reshape(a.node.inputs[0] as Tensor, (node.outputs[0] as Tensor).shape);
  if (operation === negOperation && a.node.operation === negOperation) return a.node.inputs[0];
  if (b === undefined) return undefined;
  const out = node.outputs[0] as Tensor;
  const x = knownScalar(a);
  const y = knownScalar(b);
  const fold = arithmetic.get(operation);
  if (fold && x !== undefined && y !== undefined && out.shape.length === 0 && out.dtype === "f64")
    return scalar(fold(x, y), out.dtype);
  const neutralRight = operation === addOperation || operation === subOperation ? 0 : 1;
  const linear = fold !== undefined || operation === divOperation;
  if (linear && y === neutralRight && sameShape(a.shape, out.shape)) return a;
  const commutes = operation === addOperation || operation === mulOperation;
  if (commutes && x === neutralRight && sameShape(b.shape, out.shape)) return b;
  return undefined;
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
