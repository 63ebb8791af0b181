import * as reduce from "../../tensor/ops/reduce.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { rule, type Table } from "./rule.ts";
import { lowerSum } from "./sum.ts";

/** Reductions and what is normalised by one. */
export const reduceRules: Table = new Map([
  rule(reduce.sumOperation, ({ graph, names, inputs, attributes: { axes } }) =>
    lowerSum(graph, names[0] as string, inputs[0] as Tensor, axes),
  ),
  rule(reduce.maxOperation, ({ graph, names, attributes: { axes } }) =>
    graph.emit("ReduceMax", [names[0] as string, graph.integers(axes)], { keepdims: 0 }),
  ),
  rule(reduce.cumsumOperation, ({ graph, names, attributes: { axis, exclusive, reverse } }) =>
    graph.emit("CumSum", [names[0] as string, graph.number(axis, "i64")], {
      exclusive: Number(exclusive),
      reverse: Number(reverse),
    }),
  ),
  rule(reduce.softmaxOperation, ({ graph, names, attributes }) =>
    graph.emit("Softmax", names, { axis: attributes.axis }),
  ),
  rule(reduce.logSoftmaxOperation, ({ graph, names, attributes }) =>
    graph.emit("LogSoftmax", names, { axis: attributes.axis }),
  ),
]);
