import * as layout from "../../tensor/ops/layout.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { rule, type Table } from "./rule.ts";

const last = Number.MAX_SAFE_INTEGER;

/** Operations that move elements. */
export const layoutRules: Table = new Map([
  rule(layout.reshapeOperation, ({ graph, names, attributes }) =>
    graph.reshape(names[0] as string, attributes.shape),
  ),
  rule(layout.transposeOperation, ({ graph, names, attributes }) =>
    graph.transpose(names[0] as string, attributes.permutation),
  ),
  rule(layout.broadcastOperation, ({ graph, names, attributes }) =>
    graph.emit("Expand", [names[0] as string, graph.shape(attributes.shape)]),
  ),
  rule(layout.concatOperation, ({ graph, names, attributes }) =>
    graph.emit("Concat", names, { axis: attributes.axis }),
  ),
  rule(layout.sliceOperation, ({ graph, names, attributes: { axis, start, end, stride } }) =>
    graph.emit("Slice", [names[0] as string, ...[start, end, axis, stride].map((n) => graph.integers([n]))]),
  ),
  rule(layout.flipOperation, ({ graph, names, attributes: { axis } }) =>
    graph.emit("Slice", [names[0] as string, ...[-1, -last, axis, -1].map((n) => graph.integers([n]))]),
  ),
  rule(layout.padOperation, ({ graph, names, inputs, attributes }) =>
    graph.pad(names[0] as string, inputs[0] as Tensor, [attributes]),
  ),
]);
