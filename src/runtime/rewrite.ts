import {
  addOperation,
  divOperation,
  maximumOperation,
  minimumOperation,
  mulOperation,
  powOperation,
  subOperation,
} from "../tensor/ops/arithmetic.ts";
import * as compare from "../tensor/ops/compare.ts";
import { knownScalar, scalar } from "../tensor/ops/constant.ts";
import { identityOperation, stopGradientOperation } from "../tensor/ops/custom.ts";
import * as elementwise from "../tensor/ops/elementwise.ts";
import { broadcastOperation, reshapeOperation, transposeOperation } from "../tensor/ops/layout.ts";
import { sumOperation } from "../tensor/ops/reduce.ts";
import { type Shape, sameShape } from "../tensor/shape.ts";
import { isFloat, type Operation, type Tensor, type TensorType } from "../tensor/tensor.ts";

/** Applies an operation with one output, simplified. */
export type Make = <A>(operation: Operation<A>, inputs: readonly Tensor[], attributes: A) => Tensor;

const set = (...operations: readonly Operation<never>[]) => new Set(operations as readonly unknown[]);

/** Operations that act elementwise: an element depends on the inputs' elements at the same index only. */
const pointwise = set(
  ...[
    addOperation,
    subOperation,
    mulOperation,
    divOperation,
    powOperation,
    maximumOperation,
    minimumOperation,
  ],
  ...Object.values(compare).filter((value) => typeof value === "object"),
  ...Object.values(elementwise).filter((value) => typeof value === "object"),
);

// Computed in double precision and rounded once on storing, a sum, difference, product or quotient of two
// single-precision numbers is the correctly rounded one.
const folds = new Map<unknown, (a: number, b: number) => number>([
  [addOperation, (a, b) => a + b],
  [subOperation, (a, b) => a - b],
  [mulOperation, (a, b) => a * b],
  [divOperation, (a, b) => a / b],
]);

/** A simpler tensor that equals `operation` applied to `inputs`, or undefined. */
export function rewrite(
  operation: Operation,
  inputs: readonly Tensor[],
  attributes: unknown,
  out: TensorType,
  make: Make,
): Tensor | undefined {
  const [a, b] = inputs as [Tensor | undefined, Tensor | undefined];
  if (a === undefined) return undefined;
  if (operation === identityOperation || operation === stopGradientOperation) return a;
  return (
    rewriteLayout(operation, a, attributes, out, make) ??
    rewriteArithmetic(operation, a, b, out, make) ??
    (pointwise.has(operation) ? delayBroadcast(operation, inputs, attributes, out, make) : undefined)
  );
}

/** Movements of elements that follow one another become one, or none. */
function rewriteLayout(
  operation: Operation,
  x: Tensor,
  attributes: unknown,
  out: TensorType,
  make: Make,
): Tensor | undefined {
  const inner = x.node.operation as unknown;
  const source = x.node.inputs[0] as Tensor;
  const as = (is: Operation<never>) => (operation as unknown) === is;
  // One number repeated is the same however it is arranged.
  if (
    (as(transposeOperation) || as(reshapeOperation)) &&
    inner === broadcastOperation &&
    isOne(source) &&
    source.shape.length <= out.shape.length
  )
    return make(x.node.operation, [source], { shape: out.shape });
  if (as(transposeOperation)) {
    const { permutation } = attributes as { permutation: readonly number[] };
    const wide = permutation.filter((p) => x.shape[p] !== 1);
    // Only axes of size 1 move: nothing does in memory.
    if (wide.every((p, i) => i === 0 || p > (wide[i - 1] as number)))
      return make(reshapeOperation, [x], { shape: out.shape });
    if (inner !== transposeOperation) return undefined;
    const first = (x.node.attributes as { permutation: readonly number[] }).permutation;
    return make(operation, [source], { permutation: permutation.map((p) => first[p] as number) });
  }
  // A sum of one term each.
  if (
    as(sumOperation) &&
    (attributes as { axes: readonly number[] }).axes.every((axis) => x.shape[axis] === 1)
  )
    return make(reshapeOperation, [x], { shape: out.shape });
  if (as(reshapeOperation) || as(broadcastOperation)) {
    if (sameShape(x.shape, out.shape)) return x;
    if (inner === operation) return make(operation, [source], attributes);
  }
  if (as(broadcastOperation) && inner === reshapeOperation && isOne(x) && source.shape.length === 0)
    return make(operation, [source], attributes);
  return undefined;
}

/** The tensor is one number. */
const isOne = ({ shape }: Tensor) => shape.every((n) => n === 1);

/** Known numbers are folded; adding 0 and multiplying by 1 change nothing. */
function rewriteArithmetic(
  operation: Operation,
  a: Tensor,
  b: Tensor | undefined,
  out: TensorType,
  make: Make,
): Tensor | undefined {
  const op = operation as unknown;
  const x = knownScalar(a);
  if (op === elementwise.negOperation) {
    if (a.node.operation === operation) return a.node.inputs[0];
    return x !== undefined && isFloat(out.dtype) && out.shape.length === 0
      ? scalar(-x, out.dtype)
      : undefined;
  }
  const fold = folds.get(op);
  if (fold === undefined || b === undefined) return undefined;
  const y = knownScalar(b);
  if (x !== undefined && y !== undefined && out.shape.length === 0 && isFloat(out.dtype))
    return scalar(fold(x, y), out.dtype);
  const commutes = op === addOperation || op === mulOperation;
  const neutral = op === addOperation || op === subOperation ? 0 : 1;
  if (y === neutral && sameShape(a.shape, out.shape)) return a;
  if (commutes && x === neutral && sameShape(b.shape, out.shape)) return b;
  const negated = (t: Tensor) =>
    (t.node.operation as unknown) === elementwise.negOperation ? (t.node.inputs[0] as Tensor) : undefined;
  const less = op === addOperation ? (negated(b) ?? negated(a)) : undefined;
  if (less !== undefined) return make(subOperation, [less === negated(b) ? a : b, less], {});
  return undefined;
}

/**
 * An elementwise operation on repeated values works on the values themselves: it broadcasts by itself, and what is
 * still too small is repeated afterwards.
 */
function delayBroadcast(
  operation: Operation,
  inputs: readonly Tensor[],
  attributes: unknown,
  out: TensorType,
  make: Make,
): Tensor | undefined {
  const sources = inputs.map((x) =>
    (x.node.operation as unknown) === broadcastOperation ? (x.node.inputs[0] as Tensor) : x,
  );
  if (sources.every((x, i) => x === inputs[i])) return undefined;
  const small = make(operation, sources, attributes);
  const shape: Shape = out.shape;
  return make(broadcastOperation, [small], { shape });
}
