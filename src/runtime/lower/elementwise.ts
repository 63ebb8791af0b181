import * as arithmetic from "../../tensor/ops/arithmetic.ts";
import * as compare from "../../tensor/ops/compare.ts";
import * as elementwise from "../../tensor/ops/elementwise.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type GraphBuilder, onnxTypes } from "../onnx.ts";
import { lowerErf64 } from "./erf.ts";
import { direct, rule, type Table } from "./rule.ts";

/** Elementwise operations. ONNX has no Log1p or Expm1, and its Softplus is slow: these are composed. */
export const elementwiseRules: Table = new Map([
  direct(arithmetic.addOperation, "Add"),
  direct(arithmetic.subOperation, "Sub"),
  direct(arithmetic.mulOperation, "Mul"),
  direct(arithmetic.divOperation, "Div"),
  direct(arithmetic.powOperation, "Pow"),
  direct(arithmetic.maximumOperation, "Max"),
  direct(arithmetic.minimumOperation, "Min"),
  direct(compare.equalOperation, "Equal"),
  direct(compare.lessOperation, "Less"),
  direct(compare.lessEqualOperation, "LessOrEqual"),
  direct(compare.greaterOperation, "Greater"),
  direct(compare.greaterEqualOperation, "GreaterOrEqual"),
  direct(compare.andOperation, "And"),
  direct(compare.orOperation, "Or"),
  direct(compare.notOperation, "Not"),
  // The engine selects among 32-bit unsigned integers and booleans only by way of wider integers.
  rule(compare.whereOperation, ({ graph, names: [condition, ...values], outputs }) => {
    const { dtype } = outputs[0] as Tensor;
    if (dtype !== "u32" && dtype !== "bool") return graph.emit("Where", [condition as string, ...values]);
    const wide = values.map((v) => graph.emit("Cast", [v], { to: onnxTypes.i64 }));
    const chosen = graph.emit("Where", [condition as string, ...wide]);
    return graph.emit("Cast", [chosen], { to: onnxTypes[dtype] });
  }),
  rule(compare.castOperation, ({ graph, names, attributes }) =>
    graph.emit("Cast", names, { to: onnxTypes[attributes.dtype] }),
  ),
  direct(elementwise.negOperation, "Neg"),
  direct(elementwise.expOperation, "Exp"),
  direct(elementwise.logOperation, "Log"),
  direct(elementwise.sqrtOperation, "Sqrt"),
  direct(elementwise.sinOperation, "Sin"),
  direct(elementwise.cosOperation, "Cos"),
  direct(elementwise.tanhOperation, "Tanh"),
  // In double precision the engine (onnxruntime 1.30) would fuse x · Sigmoid(x) into a QuickGelu that it then lacks.
  rule(elementwise.sigmoidOperation, ({ graph, names: [x], inputs }) => {
    if ((inputs[0] as Tensor).dtype === "f32") return graph.emit("Sigmoid", [x as string]);
    const one = known(graph, inputs)(1);
    const decay = graph.emit("Exp", [graph.emit("Neg", [x as string])]);
    return graph.emit("Div", [one, graph.emit("Add", [decay, one])]);
  }),
  direct(elementwise.reluOperation, "Relu"),
  direct(elementwise.absOperation, "Abs"),
  direct(elementwise.signOperation, "Sign"),
  direct(elementwise.floorOperation, "Floor"),
  // eˣ − 1 = tanh(x/2) (eˣ + 1), which cancels nothing near 0.
  rule(elementwise.expm1Operation, ({ graph, names: [x], inputs }) => {
    const number = known(graph, inputs);
    const [half, one] = [number(0.5), number(1)];
    const t = graph.emit("Tanh", [graph.emit("Mul", [x as string, half])]);
    return graph.emit("Mul", [t, graph.emit("Add", [graph.emit("Exp", [x as string]), one])]);
  }),
  // With u = 1 + x rounded: log(u) + (x − (u − 1)) / u, and log(u) alone where u − 1 is x, as at −1 and infinity.
  rule(elementwise.log1pOperation, ({ graph, names, inputs }) => {
    const [x] = names as [string];
    const one = known(graph, inputs)(1);
    const u = graph.emit("Add", [x, one]);
    const log = graph.emit("Log", [u]);
    const kept = graph.emit("Sub", [u, one]);
    const lost = graph.emit("Div", [graph.emit("Sub", [x, kept]), u]);
    return graph.emit("Where", [graph.emit("Equal", [kept, x]), log, graph.emit("Add", [log, lost])]);
  }),
  // max(x, 0) + log(1 + e^−|x|)
  rule(elementwise.softplusOperation, ({ graph, names: [x], inputs }) => {
    const one = known(graph, inputs)(1);
    const decay = graph.emit("Exp", [graph.emit("Neg", [graph.emit("Abs", [x as string])])]);
    const tail = graph.emit("Log", [graph.emit("Add", [decay, one])]);
    return graph.emit("Add", [graph.emit("Relu", [x as string]), tail]);
  }),
  rule(elementwise.erfOperation, ({ graph, names, inputs }) =>
    (inputs[0] as Tensor).dtype === "f32" ? graph.emit("Erf", names) : lowerErf64(graph, names[0] as string),
  ),
]);

/** Known numbers of the operands' type. */
function known(graph: GraphBuilder, inputs: readonly Tensor[]) {
  const { dtype } = inputs[0] as Tensor;
  return (value: number) => graph.number(value, dtype);
}
