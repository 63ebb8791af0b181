import { elements, type Shape } from "../../tensor/shape.ts";
import type { TensorType } from "../../tensor/tensor.ts";
import { type GraphBuilder, onnxTypes } from "../onnx.ts";

/** Above this many terms a single-precision sum is taken in levels: the engine's own loses digits. */
const LONG = 1 << 14;
const BLOCK = 1 << 10;

/** A sum over `axes`, exact to the last digits of single precision for any number of terms. */
export function lowerSum(graph: GraphBuilder, name: string, x: TensorType, axes: readonly number[]): string {
  const { shape, dtype } = x;
  const reduce = (from: string, over: readonly number[]) =>
    graph.emit("ReduceSum", [from, graph.integers(over)], { keepdims: 0 });
  const fixed = axes.filter((a) => (shape[a] as number) >= 0);
  const symbolic = axes.filter((a) => (shape[a] as number) < 0);
  if (symbolic.length > 0) {
    // First the static axes, then the batch.
    const inner = fixed.length === 0 ? name : lowerSum(graph, name, x, fixed);
    const rest = symbolic.map((a) => a - fixed.filter((f) => f < a).length);
    if (dtype !== "f32" || axes.length < shape.length) return reduce(inner, rest);
    // One number from a batch of unknown size: sum in double precision.
    const wide = graph.emit("Cast", [inner], { to: onnxTypes.f64 });
    return graph.emit("Cast", [reduce(wide, rest)], { to: onnxTypes.f32 });
  }
  const terms = elements(axes.map((a) => shape[a] as number));
  if (dtype !== "f32") return reduce(name, axes);
  const rest = shape.slice(axes.length);
  const leading = axes.every((a, i) => a === i) && rest.length > 0 && rest.every((n) => n > 0);
  if (leading && terms > 0 && terms < LONG) {
    // The engine sums columns fastest as a product with a row of ones.
    const columns = elements(rest);
    const rows = shape.length === 2 ? name : graph.reshape(name, [terms, columns]);
    return graph.reshape(graph.emit("Gemm", [graph.ones([1, terms]), rows]), rest);
  }
  if (terms < LONG) return reduce(name, axes);
  if (axes.length === shape.length) return sumAxis(graph, graph.reshape(name, [terms]), [terms], 0);
  // Axis by axis from the last, so that each sum is short.
  const left = [...shape];
  let sum = name;
  for (const axis of axes.toSorted((a, b) => b - a)) {
    sum = sumAxis(graph, sum, left, axis);
    left.splice(axis, 1);
  }
  return sum;
}

/** The sum along one axis, in blocks if it is long. */
function sumAxis(graph: GraphBuilder, x: string, shape: Shape, axis: number): string {
  const reduce = (from: string) => graph.emit("ReduceSum", [from, graph.integers([axis])], { keepdims: 0 });
  const terms = shape[axis] as number;
  if (terms < LONG) return reduce(x);
  const blocks = Math.ceil(terms / BLOCK);
  const type = { shape, dtype: "f32" } as const;
  const whole = graph.pad(x, type, [{ axis, before: 0, after: blocks * BLOCK - terms }]);
  const split = [...shape.slice(0, axis), blocks, BLOCK, ...shape.slice(axis + 1)];
  const partial = graph.emit("ReduceSum", [graph.reshape(whole, split), graph.integers([axis + 1])], {
    keepdims: 0,
  });
  return reduce(partial);
}
