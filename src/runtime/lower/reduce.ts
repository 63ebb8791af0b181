import * as reduce from "../../tensor/ops/reduce.ts";
import { standardizeOperation } from "../../tensor/ops/standardize.ts";
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
  rule(standardizeOperation, ({ graph, names: [x], inputs, attributes: { epsilon } }) => {
    const { shape, dtype } = inputs[0] as Tensor;
    if (dtype === "f32") {
      const gain = graph.ones(shape.slice(-1));
      const options = { axis: -1, epsilon: { real: epsilon } };
      const [y, , r] = graph.emitAll("LayerNormalization", [x as string, gain], options, 3);
      return [y as string, r as string];
    }
    const mean = (of: string) => graph.emit("ReduceMean", [of, graph.integers([-1])], { keepdims: 1 });
    const centred = graph.emit("Sub", [x as string, mean(x as string)]);
    const variance = mean(graph.emit("Mul", [centred, centred]));
    const deviation = graph.emit("Sqrt", [graph.emit("Add", [variance, graph.number(epsilon, dtype)])]);
    const r = graph.emit("Div", [graph.number(1, dtype), deviation]);
    return [graph.emit("Mul", [centred, r]), r];
  }),
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
