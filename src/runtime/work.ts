import { sizeOf } from "../array.ts";
import { nodesOf } from "../tensor/graph.ts";
import type { ScanAttributes } from "../tensor/ops/scan.ts";
import type { Node, Tensor } from "../tensor/tensor.ts";

/**
 * Cost of starting a node, apart from its arithmetic, in operations: about 2 µs of a core that does 5·10¹⁰ a
 * second.
 */
const START = 1e5;
/** Operations of one element of a result that is no product: it waits for memory. */
const ELEMENT = 8;
/** Nodes that an engine does not run as such, or that move nothing. */
const free = new Set(["input", "constant", "reshape", "custom", "identity", "stopGradient", "batchSize"]);

/**
 * Operations of one run of a traced function: two for each multiplication in products and convolutions, and a little for
 * everything else. It follows from shapes alone, so it is the same on every machine. Shapes must hold no symbolic size.
 */
export function workOf(outputs: Iterable<Tensor>): number {
  return nodesOf(outputs).reduce((sum, node) => sum + workOfNode(node), 0);
}

function workOfNode({ operation: { name }, inputs, outputs, attributes }: Node): number {
  if (free.has(name)) return 0;
  if (name === "scan") {
    const { length, outputs } = attributes as ScanAttributes;
    return START + length * workOf(outputs);
  }
  const size = outputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const [a, w] = inputs;
  if (name === "matmul") return START + 2 * size * (a?.shape.at(-1) ?? 1);
  // Each output of a convolution takes the kernel of all input channels, each input of a transposed one that of all outputs.
  if (name === "conv2d") return START + 2 * size * sizeOf(w?.shape.slice(1) ?? []);
  if (name === "convTranspose2d") return START + 2 * sizeOf(a?.shape ?? []) * sizeOf(w?.shape.slice(1) ?? []);
  return START + ELEMENT * size;
}
