import { normalizeAxes, normalizeAxis, type Shape } from "../shape.ts";
import { apply, dtypeError, isFloat, type Operation, type Tensor } from "../tensor.ts";
import { add, div, sub } from "./arithmetic.ts";
import { greater, where } from "./compare.ts";
import { count } from "./count.ts";
import { stopGradient } from "./custom.ts";
import { exp, log, neg } from "./elementwise.ts";
import { reshape } from "./layout.ts";

interface Axes {
  readonly axes: readonly number[];
}

const without = (shape: Shape, axes: readonly number[]) => shape.filter((_, i) => !axes.includes(i));
/** A shape with size 1 along `axes`. */
export const kept = (shape: Shape, axes: readonly number[]) =>
  shape.map((n, i) => (axes.includes(i) ? 1 : n));

export const sumOperation: Operation<Axes> = {
  name: "sum",
  infer(inputs, { axes }) {
    const x = inputs[0] as Tensor;
    if (x.dtype === "bool") throw dtypeError("sum", "needs numbers", x);
    return [{ shape: without(x.shape, axes), dtype: x.dtype }];
  },
};

export const maxOperation: Operation<Axes> = {
  name: "max",
  infer(inputs, { axes }) {
    const x = inputs[0] as Tensor;
    if (x.dtype === "bool") throw dtypeError("max", "needs numbers", x);
    return [{ shape: without(x.shape, axes), dtype: x.dtype }];
  },
};

/** Gives a reduction over `axes` (all when omitted) its optional axes of size 1. */
function reduce(
  operation: Operation<Axes>,
  x: Tensor,
  axes?: number | readonly number[],
  keep = false,
): Tensor {
  const list = normalizeAxes(operation.name, axes, x.shape);
  const result = list.length === 0 ? x : apply(operation, [x], { axes: list });
  return keep ? reshape(result, kept(x.shape, list)) : result;
}

type Over = number | readonly number[];

/** Sum over `axes` (all when omitted); `keep` leaves them with size 1. */
export const sum = (x: Tensor, axes?: Over, keep = false): Tensor => reduce(sumOperation, x, axes, keep);

/** Largest element over `axes` (all when omitted); equal maxima share the cotangent. It may pass over a NaN. */
export const max = (x: Tensor, axes?: Over, keep = false): Tensor => reduce(maxOperation, x, axes, keep);

/** Smallest element over `axes` (all when omitted). It may pass over a NaN. */
export const min = (x: Tensor, axes?: Over, keep = false): Tensor => neg(max(neg(x), axes, keep));

/** Mean over `axes` (all when omitted), also over a symbolic batch. */
export function mean(x: Tensor, axes?: Over, keep = false): Tensor {
  const list = normalizeAxes("mean", axes, x.shape);
  const sizes = list.map((a) => x.shape[a] as number);
  return div(sum(x, list, keep), count(sizes, x.dtype));
}

/** Returns log Σ eˣ over `axes` without overflow; −∞ if every element is −∞. */
export function logSumExp(x: Tensor, axes?: Over, keep = false): Tensor {
  const list = normalizeAxes("logSumExp", axes, x.shape);
  const high = stopGradient(max(x, list, true));
  const shift = where(greater(high, -Infinity), high, 0);
  const total = add(log(sum(exp(sub(x, shift)), list, true)), shift);
  return keep ? total : reshape(total, without(x.shape, list));
}

/** log of the mean of eˣ over `axes`: how probabilities are averaged when only their logarithms are at hand. */
export function logMeanExp(x: Tensor, axes?: Over): Tensor {
  const list = normalizeAxes("logMeanExp", axes, x.shape);
  const n = count(
    list.map((a) => x.shape[a] as number),
    x.dtype,
  );
  return sub(logSumExp(x, list), typeof n === "number" ? Math.log(n) : log(n));
}

export const cumsumOperation: Operation<{ axis: number; exclusive: boolean; reverse: boolean }> = {
  name: "cumsum",
  infer(inputs) {
    const x = inputs[0] as Tensor;
    if (x.dtype === "bool") throw dtypeError("cumsum", "needs numbers", x);
    return [{ shape: x.shape, dtype: x.dtype }];
  },
};

/** Running sum along `axis`; `exclusive` leaves out the element itself, `reverse` runs from the end. */
export function cumsum(
  x: Tensor,
  axis: number,
  options: { exclusive?: boolean; reverse?: boolean } = {},
): Tensor {
  const { exclusive = false, reverse = false } = options;
  return apply(cumsumOperation, [x], { axis: normalizeAxis("cumsum", axis, x.shape), exclusive, reverse });
}

function normalized(name: string): Operation<{ axis: number }> {
  return {
    name,
    infer(inputs) {
      const x = inputs[0] as Tensor;
      if (!isFloat(x.dtype)) throw dtypeError(name, "needs real numbers", x);
      return [{ shape: x.shape, dtype: x.dtype }];
    },
  };
}

export const softmaxOperation = normalized("softmax");
export const logSoftmaxOperation = normalized("logSoftmax");

/** eˣ / Σ eˣ along `axis`. */
export const softmax = (x: Tensor, axis = -1): Tensor =>
  apply(softmaxOperation, [x], { axis: normalizeAxis("softmax", axis, x.shape) });

/** x − log Σ eˣ along `axis`. */
export const logSoftmax = (x: Tensor, axis = -1): Tensor =>
  apply(logSoftmaxOperation, [x], { axis: normalizeAxis("logSoftmax", axis, x.shape) });
