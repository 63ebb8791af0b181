import * as reduce from "../../tensor/ops/reduce.ts";
import { elements } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { rule, type Table } from "./rule.ts";

/** Above this many terms a single-precision sum is taken in two levels: the engine's own loses digits. */
const LONG = 1 << 14;
const BLOCK = 1 << 10;

/** Reductions and what is normalised by one. */
export const reduceRules: Table = new Map([
  rule(reduce.sumOperation, ({ graph, names, inputs, attributes: { axes } }) => {
    const x = inputs[0] as Tensor;
    const plain = (name: string, over: readonly number[]) =>
      graph.emit("ReduceSum", [name, graph.integers(over)], { keepdims: 0 });
    const terms = elements(axes.map((a) => x.shape[a] as number));
    const whole = axes.length === x.shape.length;
    if (!whole || x.dtype !== "f32" || terms < LONG) {
      // A sum over a batch of unknown size and more: the static axes first, then the batch.
      const fixed = axes.filter((a) => (x.shape[a] as number) >= 0);
      if (terms >= 0 || fixed.length === 0) return plain(names[0] as string, axes);
      const inner = plain(names[0] as string, fixed);
      const rest = axes.filter((a) => (x.shape[a] as number) < 0);
      return plain(
        inner,
        rest.map((a) => a - fixed.filter((f) => f < a).length),
      );
    }
    const padded = Math.ceil(terms / BLOCK) * BLOCK;
    let flat = graph.reshape(names[0] as string, [terms]);
    if (padded > terms)
      flat = graph.emit("Pad", [flat, graph.integers([0, padded - terms]), graph.number(0, x.dtype)]);
    return plain(plain(graph.reshape(flat, [padded / BLOCK, BLOCK]), [1]), [0]);
  }),
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
