import { gatherOperation, scatterAddOperation } from "../../tensor/ops/gather.ts";
import { matmulOperation } from "../../tensor/ops/linear.ts";
import { elements } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { gemmOperation } from "../fuse.ts";
import { onnxTypes } from "../onnx.ts";
import { direct, rule, type Table } from "./rule.ts";

/** If fewer than one in this many entries of an axis are picked, they are copied one by one. */
const FEW = 16;

/** Matrix products and indexed reads and writes. */
export const linearRules: Table = new Map([
  direct(matmulOperation, "MatMul"),
  rule(gemmOperation, ({ graph, names, inputs, attributes: { transposeA, transposeB, type } }) => {
    const [rows, columns] = type.shape as [number, number];
    if (columns !== 1 || rows === 1)
      return graph.emit("Gemm", names, { transA: Number(transposeA), transB: Number(transposeB) });
    // The engine multiplies a row by a matrix up to ten times faster than a matrix by a column: aᵀ on the right.
    const [a, b, ...bias] = names as [string, string];
    const inner = (inputs[1] as Tensor).shape[transposeB ? 1 : 0] as number;
    const row = transposeB ? b : graph.reshape(b, [1, inner]);
    return graph.reshape(graph.emit("Gemm", [row, a, ...bias], { transB: Number(!transposeA) }), [rows, 1]);
  }),
  rule(gatherOperation, ({ graph, names, inputs, outputs, attributes: { axis } }) => {
    const [x, indices] = inputs as [Tensor, Tensor];
    const size = x.shape[axis] as number;
    const single = axis > 0 && x.shape.slice(axis + 1).every((n) => n === 1);
    if (!single || Math.abs(elements(indices.shape)) * FEW < size)
      return graph.emit("Gather", names, { axis });
    // Elements that lie apart are copied one by one, which costs far more than to bring each run of them together.
    const others = [...x.shape.keys()].filter((a) => a !== axis);
    const front = graph.transpose(names[0] as string, [axis, ...others]);
    const picked = graph.emit("Gather", [front, names[1] as string], { axis: 0 });
    const rank = indices.shape.length;
    const back = (outputs[0] as Tensor).shape.map((_, i) =>
      i < axis ? rank + i : i < axis + rank ? i - axis : i,
    );
    return graph.transpose(picked, back);
  }),
  rule(scatterAddOperation, ({ graph, names, inputs, outputs, attributes: { axis, size } }) => {
    const [updates, indices] = inputs as [Tensor, Tensor];
    const out = outputs[0] as Tensor;
    const rank = indices.shape.length;
    // ScatterND adds along leading axes: bring the indexed axes to the front, and the result's axis back.
    const axes = [...updates.shape.keys()];
    const indexed = axes.slice(axis, axis + rank);
    const others = axes.filter((a) => !indexed.includes(a));
    const front = graph.transpose(names[0] as string, [...indexed, ...others]);
    const shape = [size, ...others.map((a) => updates.shape[a] as number)];
    const base = graph.emit("Expand", [graph.number(0, out.dtype), graph.shape(shape)]);
    const wide = graph.emit("Cast", [names[1] as string], { to: onnxTypes.i64 });
    const points = graph.emit("Unsqueeze", [wide, graph.integers([rank])]);
    const sums = graph.emit("ScatterND", [base, points, front], { reduction: "add" });
    const back = out.shape.map((_, i) => (i < axis ? i + 1 : i === axis ? 0 : i));
    return graph.transpose(sums, back);
  }),
]);
