import * as reduce from "../../tensor/ops/reduce.ts";
import type { Tensor, TensorType } from "../../tensor/tensor.ts";
import { onnxTypes } from "../onnx.ts";
import { type Application, rule, type Table } from "./rule.ts";
import { lowerSum } from "./sum.ts";

/** Reductions and what is normalised by one. */
export const reduceRules: Table = new Map([
  rule(reduce.sumOperation, (application) =>
    widened(application, (x, type) => lowerSum(application.graph, x, type, application.attributes.axes)),
  ),
  rule(reduce.maxOperation, (application) =>
    widened(application, (x) => {
      const { graph, attributes } = application;
      return graph.emit("ReduceMax", [x, graph.integers(attributes.axes)], { keepdims: 0 });
    }),
  ),
  rule(reduce.cumsumOperation, (application) =>
    widened(application, (x) => {
      const { graph, attributes } = application;
      return graph.emit("CumSum", [x, graph.number(attributes.axis, "i64")], {
        exclusive: Number(attributes.exclusive),
        reverse: Number(attributes.reverse),
      });
    }),
  ),
  rule(reduce.softmaxOperation, ({ graph, names, attributes }) =>
    graph.emit("Softmax", names, { axis: attributes.axis }),
  ),
  rule(reduce.logSoftmaxOperation, ({ graph, names, attributes }) =>
    graph.emit("LogSoftmax", names, { axis: attributes.axis }),
  ),
]);

/** The engine reduces 32-bit unsigned integers only by way of wider ones; casting back keeps the sum modulo 2³². */
function widened<A>(
  { graph, names, inputs }: Application<A>,
  lower: (x: string, type: TensorType) => string,
): string {
  const [x] = names as [string];
  const type = inputs[0] as Tensor;
  if (type.dtype !== "u32") return lower(x, type);
  const wide = lower(graph.emit("Cast", [x], { to: onnxTypes.i64 }), { shape: type.shape, dtype: "i64" });
  return graph.emit("Cast", [wide], { to: onnxTypes.u32 });
}
