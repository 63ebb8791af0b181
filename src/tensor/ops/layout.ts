import { usageError } from "../../error.ts";
import {
  broadcastShapes,
  elements,
  normalizeAxes,
  normalizeAxis,
  type Shape,
  sameShape,
  shapeError,
} from "../shape.ts";
import { apply, dtypeError, type Operation, type Tensor } from "../tensor.ts";

export const reshapeOperation: Operation<{ shape: Shape }> = {
  name: "reshape",
  infer(inputs, { shape }) {
    const x = inputs[0] as Tensor;
    if (elements(x.shape) !== elements(shape))
      throw shapeError("reshape", "the sizes differ", x.shape, shape);
    return [{ shape, dtype: x.dtype }];
  },
};

/** The same elements in row-major order under another shape of the same size. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : apply(reshapeOperation, [x], { shape });
}

/** x as one axis. */
export const flatten = (x: Tensor): Tensor => reshape(x, [elements(x.shape)]);

/** x with axes of size 1 inserted at `axes`, positions in the result. */
export function expandDims(x: Tensor, ...axes: number[]): Tensor {
  const rank = x.shape.length + axes.length;
  const inserted = new Set(axes.map((a) => normalizeAxis("expandDims", a, x.shape, rank)));
  const rest = [...x.shape];
  return reshape(
    x,
    Array.from({ length: rank }, (_, i) => (inserted.has(i) ? 1 : (rest.shift() as number))),
  );
}

/** x without `axes`, which must have size 1. */
export function squeeze(x: Tensor, ...axes: number[]): Tensor {
  const dropped = normalizeAxes("squeeze", axes, x.shape);
  const wide = dropped.find((a) => x.shape[a] !== 1);
  if (wide !== undefined) throw shapeError("squeeze", `axis ${wide} is not of size 1`, x.shape);
  return reshape(
    x,
    x.shape.filter((_, i) => !dropped.includes(i)),
  );
}

export const transposeOperation: Operation<{ permutation: readonly number[] }> = {
  name: "transpose",
  infer(inputs, { permutation }) {
    const x = inputs[0] as Tensor;
    if (
      !sameShape(
        [...permutation].sort((a, b) => a - b),
        [...x.shape.keys()],
      )
    )
      throw shapeError("transpose", `[${permutation}] does not permute the axes`, x.shape);
    return [{ shape: permutation.map((p) => x.shape[p] as number), dtype: x.dtype }];
  },
};

/** Permutes axes: axis i of the result is axis `permutation[i]` of x (default: reversed). */
export function transpose(x: Tensor, permutation: readonly number[] = [...x.shape.keys()].reverse()): Tensor {
  const axes = permutation.map((a) => normalizeAxis("transpose", a, x.shape));
  return axes.every((a, i) => a === i) && axes.length === x.shape.length
    ? x
    : apply(transposeOperation, [x], { permutation: axes });
}

/** The last two axes exchanged. */
export function transposeLast(x: Tensor): Tensor {
  const rank = x.shape.length;
  return transpose(x, [...Array(rank - 2).keys(), rank - 1, rank - 2]);
}

export const broadcastOperation: Operation<{ shape: Shape }> = {
  name: "broadcastTo",
  infer(inputs, { shape }) {
    const x = inputs[0] as Tensor;
    if (!sameShape(broadcastShapes("broadcastTo", x.shape, shape), shape))
      throw shapeError("broadcastTo", "shapes do not broadcast", x.shape, shape);
    return [{ shape, dtype: x.dtype }];
  },
};

/** x repeated to a larger shape by NumPy's broadcasting. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : apply(broadcastOperation, [x], { shape });
}

export const concatOperation: Operation<{ axis: number }> = {
  name: "concat",
  infer(inputs, { axis }) {
    const [first, ...rest] = inputs as [Tensor, ...Tensor[]];
    let size = first.shape[axis] as number;
    for (const x of rest) {
      if (x.dtype !== first.dtype) throw dtypeError("concat", "element types differ", first, x);
      const n = x.shape[axis] as number;
      if (x.shape.length !== first.shape.length || x.shape.some((m, i) => i !== axis && m !== first.shape[i]))
        throw shapeError("concat", `shapes differ beyond axis ${axis}`, first.shape, x.shape);
      if (n * size < 0) throw shapeError("concat", "a symbolic and a static size", first.shape, x.shape);
      size += n;
    }
    return [{ shape: first.shape.map((n, i) => (i === axis ? size : n)), dtype: first.dtype }];
  },
};

/** Tensors laid end to end along `axis`. */
export function concat(tensors: readonly Tensor[], axis = 0): Tensor {
  const first = tensors[0];
  if (first === undefined) throw usageError("concat: needs at least one tensor");
  const at = normalizeAxis("concat", axis, first.shape);
  return tensors.length === 1 ? first : apply(concatOperation, [...tensors], { axis: at });
}

/** Tensors of one shape along a new axis. */
export function stack(tensors: readonly Tensor[], axis = 0): Tensor {
  return concat(
    tensors.map((t) => expandDims(t, axis)),
    axis,
  );
}

interface SliceAttributes {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
  readonly stride: number;
}

export const sliceOperation: Operation<SliceAttributes> = {
  name: "slice",
  infer(inputs, { axis, start, end, stride }) {
    const x = inputs[0] as Tensor;
    const size = x.shape[axis] as number;
    if (size < 0) throw shapeError("slice", `axis ${axis} is symbolic`, x.shape);
    if (start < 0 || end > size || start > end || !Number.isInteger(stride) || stride < 1)
      throw shapeError("slice", `${start}:${end}:${stride} is outside axis ${axis}`, x.shape);
    const length = Math.ceil((end - start) / stride);
    return [{ shape: x.shape.map((n, i) => (i === axis ? length : n)), dtype: x.dtype }];
  },
};

/** Elements start, start + stride, … < end along `axis`; negative start and end count from the end. */
export function slice(x: Tensor, axis: number, start: number, end?: number, stride = 1): Tensor {
  const at = normalizeAxis("slice", axis, x.shape);
  const size = x.shape[at] as number;
  const from = start < 0 ? start + size : start;
  const to = end === undefined ? size : end < 0 ? end + size : end;
  if (from === 0 && to === size && stride === 1) return x;
  return apply(sliceOperation, [x], { axis: at, start: from, end: to, stride });
}

export const padOperation: Operation<{ axis: number; before: number; after: number }> = {
  name: "pad",
  infer(inputs, { axis, before, after }) {
    const x = inputs[0] as Tensor;
    const size = x.shape[axis] as number;
    if (size < 0 || before < 0 || after < 0)
      throw shapeError("pad", `cannot pad axis ${axis} by ${before}, ${after}`, x.shape);
    return [{ shape: x.shape.map((n, i) => (i === axis ? n + before + after : n)), dtype: x.dtype }];
  },
};

/** x with zeros before and after along `axis`. */
export function pad(x: Tensor, axis: number, before: number, after = before): Tensor {
  const at = normalizeAxis("pad", axis, x.shape);
  return before === 0 && after === 0 ? x : apply(padOperation, [x], { axis: at, before, after });
}

/** x continued periodically along `axis`, as on a torus. Throws when `before` or `after` exceeds its size. */
export function padPeriodic(x: Tensor, axis: number, before: number, after = before): Tensor {
  const at = normalizeAxis("padPeriodic", axis, x.shape);
  const size = x.shape[at] as number;
  if (before < 0 || after < 0 || before > size || after > size)
    throw shapeError("padPeriodic", `cannot pad axis ${axis} by ${before}, ${after}`, x.shape);
  const parts = [x];
  if (before > 0) parts.unshift(slice(x, at, size - before, size));
  if (after > 0) parts.push(slice(x, at, 0, after));
  return concat(parts, at);
}

export const flipOperation: Operation<{ axis: number }> = {
  name: "flip",
  infer: (inputs) => [{ shape: (inputs[0] as Tensor).shape, dtype: (inputs[0] as Tensor).dtype }],
};

/** x reversed along `axis`. */
export function flip(x: Tensor, axis: number): Tensor {
  return apply(flipOperation, [x], { axis: normalizeAxis("flip", axis, x.shape) });
}

/** x shifted periodically along `axis`: element i moves to i + shift. */
export function roll(x: Tensor, shift: number, axis: number): Tensor {
  const at = normalizeAxis("roll", axis, x.shape);
  const size = x.shape[at] as number;
  if (size < 0) throw shapeError("roll", `axis ${axis} is symbolic`, x.shape);
  if (size === 0) return x;
  const s = ((shift % size) + size) % size;
  return s === 0 ? x : concat([slice(x, at, size - s, size), slice(x, at, 0, size - s)], at);
}
