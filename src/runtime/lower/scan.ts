import { type ScanAttributes, scanOperation } from "../../tensor/ops/scan.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { GraphBuilder, valueInfo } from "../onnx.ts";
import { type Application, rule, type Table } from "./rule.ts";

/** Loops become ONNX's Scan; captured values are read from the enclosing graph by name. */
export const scanRules: Table = new Map([rule(scanOperation, lowerScan)]);

function lowerScan({ graph, names, attributes: body, lowerInto }: Application<ScanAttributes>): string[] {
  const { carries, sequences, length, reverse } = body;
  const child = new GraphBuilder(graph);
  const states = body.inputs.slice(0, carries + sequences).map((t) => {
    const name = child.fresh("slice");
    child.names.set(t, name);
    return valueInfo(name, t);
  });
  body.inputs.slice(carries + sequences).forEach((t, i) => {
    child.names.set(t, names[carries + sequences + i] as string);
  });
  const inputs = names.slice(0, carries + sequences);
  if (sequences === 0) {
    // Scan counts its steps by a sequence: one that nobody reads.
    const steps = graph.emit("Expand", [graph.number(0, "f32"), graph.shape([length])]);
    inputs.push(steps);
    states.push(valueInfo(child.fresh("step"), { shape: [], dtype: "f32" }));
  }
  const scanned = inputs.length - carries;
  const stacked = body.outputs.length - carries;
  const produced = new Set<string>();
  const results = lowerInto(child, body.outputs).map((name, i) => {
    // An output must be a value of the body of its own.
    const own = child.nodes.some((n) => n.output.includes(name)) && !produced.has(name);
    const result = own ? name : child.emit("Identity", [name]);
    produced.add(result);
    return valueInfo(result, body.outputs[i] as Tensor);
  });
  const direction = Number(reverse);
  return graph.emitAll(
    "Scan",
    inputs,
    {
      body: child.graph("body", states, results),
      num_scan_inputs: scanned,
      scan_input_directions: Array(scanned).fill(direction),
      ...(stacked > 0 ? { scan_output_directions: Array(stacked).fill(direction) } : {}),
    },
    body.outputs.length,
  );
}
