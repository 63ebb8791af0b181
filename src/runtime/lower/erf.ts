import type { GraphBuilder } from "../onnx.ts";

/** The error function in double precision. */
export function lowerErf64(graph: GraphBuilder, x: string): string {
  return graph.emit("Erf", [x]);
}
