import { gatherOperation, scatterAddOperation } from "../../tensor/ops/gather.ts";
import { matmulOperation } from "../../tensor/ops/linear.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { gemmOperation } from "../fuse.ts";
import { onnxTypes } from "../onnx.ts";
import { direct, rule, type Table } from "./rule.ts";

/** Matrix products and indexed reads and writes. */
export const linearRules: Table = new Map([
  direct(matmulOperation, "MatMul"),
  rule(gemmOperation, ({ graph, names, attributes: { transposeA, transposeB } }) =>
    graph.emit("Gemm", names, { transA: Number(transposeA), transB: Number(transposeB) }),
  ),
  rule(gatherOperation, ({ graph, names, attributes: { axis } }) => graph.emit("Gather", names, { axis })),
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
