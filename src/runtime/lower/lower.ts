import { AnsatzError } from "../../error.ts";
import { nodesOf } from "../../tensor/graph.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { fuseGemm } from "../fuse.ts";
import type { GraphBuilder } from "../onnx.ts";
import { table } from "./table.ts";

/** Emits everything `outputs` rest on into the graph and returns their names. Inputs must be named already. */
export function lowerInto(graph: GraphBuilder, outputs: readonly Tensor[]): string[] {
  const fused = fuseGemm(outputs);
  for (const node of nodesOf(fused)) {
    if (node.outputs.every((t) => graph.find(t) !== undefined)) continue;
    const names = node.inputs.map((t) => graph.find(t) as string);
    const rule = table.get(node.operation);
    if (rule === undefined) throw new AnsatzError("failure", `${node.operation.name} has no lowering`);
    const { inputs, attributes } = node;
    const results = rule({ graph, names, inputs, outputs: node.outputs, attributes, lowerInto });
    const list = typeof results === "string" ? [results] : results;
    node.outputs.forEach((t, i) => {
      graph.names.set(t, list[i] as string);
    });
  }
  return fused.map((t) => graph.find(t) as string);
}
