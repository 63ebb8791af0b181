import type { DType, NDArray } from "../../array.ts";
import { batchSizeOperation } from "../../tensor/ops/count.ts";
import { customOperation, identityOperation, stopGradientOperation } from "../../tensor/ops/custom.ts";
import { constantOperation } from "../../tensor/tensor.ts";
import { onnxTypes } from "../onnx.ts";
import { convolutionRules } from "./convolution.ts";
import { elementwiseRules } from "./elementwise.ts";
import { layoutRules } from "./layout.ts";
import { linearRules } from "./linear.ts";
import { reduceRules } from "./reduce.ts";
import { rule, type Table } from "./rule.ts";
import { scanRules } from "./scan.ts";

/** Lowering of every operation of the tensor language to ONNX operators. */
export const table: Table = new Map([
  ...elementwiseRules,
  ...layoutRules,
  ...reduceRules,
  ...linearRules,
  ...convolutionRules,
  ...scanRules,
  rule(constantOperation, ({ graph, attributes }) => graph.array(attributes as NDArray<DType>)),
  rule(identityOperation, ({ names }) => names),
  rule(stopGradientOperation, ({ names }) => names),
  rule(customOperation, ({ names, attributes }) => names.slice(attributes.arguments)),
  rule(batchSizeOperation, ({ graph, attributes: { dtype } }) => {
    const size = graph.emit("Squeeze", [graph.batch(), graph.integers([0])]);
    return graph.emit("Cast", [size], { to: onnxTypes[dtype] });
  }),
]);
