import { usageError } from "../../error.ts";
import { dependents, nodesOf, substitute } from "../graph.ts";
import { sameShape, shapeError } from "../shape.ts";
import {
  applyAll,
  constantOperation,
  input,
  isFloat,
  isTensor,
  type Operation,
  type Tensor,
} from "../tensor.ts";
import { leaves, leavesWithPaths, mapTree } from "../tree.ts";
import { draw, insideLoop } from "./random.ts";

/**
 * A loop's body as a closed function. Its inputs are the carries, one slice of every sequence, and the captured
 * values of the outside, in this order; its outputs are the next carries, then everything that is stacked.
 */
export interface ScanAttributes {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly carries: number;
  readonly sequences: number;
  readonly length: number;
  /** Steps run from the last slice to the first; stacked outputs stay in the order of the slices. */
  readonly reverse: boolean;
}

export const scanOperation: Operation<ScanAttributes> = {
  name: "scan",
  infer: (_, { outputs, carries, length }) =>
    outputs.map(({ shape, dtype }, i) => ({ shape: i < carries ? shape : [length, ...shape], dtype })),
};

/** A loop with a body that may still refer to tensors outside it. */
export interface OpenLoop {
  readonly carries: readonly { parameter: Tensor; init: Tensor; next: Tensor }[];
  readonly sequences: readonly { parameter: Tensor; values: Tensor }[];
  readonly stacked: readonly Tensor[];
  readonly length: number;
  readonly reverse: boolean;
}

/** Operations that only arrange elements: the derivative replays them, and reads every other result. */
const replayed = new Set(["input", "constant", "reshape", "transpose", "broadcastTo", "slice", "flip"]);

/**
 * Closes a loop over the values it captures and applies it: the next carries' final values, then the stacked
 * outputs, then (for the derivative) each step's carries and intermediate results, which are dropped when
 * nothing uses them.
 */
export function closeLoop({ carries, sequences, stacked, length, reverse }: OpenLoop): Tensor[] {
  const wanted = [...carries.map((c) => c.next), ...stacked];
  const parameters = [...carries.map((c) => c.parameter), ...sequences.map((s) => s.parameter)];
  const own = new Set(parameters);
  const order = nodesOf(wanted, new Set(parameters.map((p) => p.node)));
  const inner = dependents(order, own);
  const captured = new Map<Tensor, Tensor>();
  const capture = (t: Tensor) => {
    if (own.has(t) || inner.has(t.node) || captured.has(t)) return;
    // Known arrays need no capture: the lowering keeps one copy outside all loops.
    if (t.node.operation !== constantOperation) captured.set(t, input(t));
  };
  for (const node of order) if (inner.has(node)) for (const t of node.inputs) capture(t);
  for (const t of wanted) capture(t);

  const used = new Set([...order.filter((n) => inner.has(n)).flatMap((n) => n.inputs), ...wanted]);
  const read = sequences.filter((s) => used.has(s.parameter));
  const results = substitute(wanted, captured);
  const saved = [
    ...carries.map((c) => c.parameter),
    ...nodesOf(results)
      .filter((node) => !replayed.has(node.operation.name))
      .flatMap((node) => node.outputs.filter((t) => isFloat(t.dtype))),
  ];
  const body: ScanAttributes = {
    inputs: [...carries.map((c) => c.parameter), ...read.map((s) => s.parameter), ...captured.values()],
    outputs: [...results, ...saved],
    carries: carries.length,
    sequences: read.length,
    length,
    reverse,
  };
  const inputs = [...carries.map((c) => c.init), ...read.map((s) => s.values), ...captured.keys()];
  return applyAll(scanOperation, inputs, body);
}

/** Options of {@link scan}. */
export interface ScanOptions {
  /** Number of steps; needed when there are no sequences. */
  readonly length?: number;
  /** Run from the last slice to the first. */
  readonly reverse?: boolean;
}

/**
 * The loop: `body(carry, x)` returns the next carry and what to stack, for each slice `x` of `xs` along the first
 * axis. Carry, slices and results are trees of tensors. Returns the last carry and the stacked results.
 * Throws when the carry changes its shape or element type. Noise drawn in the body is fresh at every step.
 */
export function scan<C, X, Y>(
  body: (carry: C, x: X) => readonly [C, Y],
  init: C,
  xs: X,
  options: ScanOptions = {},
): [C, Y] {
  const starts = leaves(init, isTensor);
  const values = leaves(xs, isTensor);
  const length = options.length ?? values[0]?.shape[0];
  if (length === undefined || length < 1)
    throw usageError("scan: needs sequences with a static first size of 1 or more, or the option length");
  for (const v of values)
    if (v.shape[0] !== length) throw shapeError("scan", `a sequence is not of length ${length}`, v.shape);

  const carryIn = mapTree(init, isTensor, (t) => input(t)) as C;
  const slices = mapTree(xs, isTensor, (t) => input({ shape: t.shape.slice(1), dtype: t.dtype })) as X;
  const { result, draws } = insideLoop(() => body(carryIn, slices));
  const [carryOut, stacked] = result;
  const parameters = leaves(carryIn, isTensor);
  const next = leaves(carryOut, isTensor);
  if (next.length !== parameters.length)
    throw usageError(`scan: the carry has ${parameters.length} tensors but the body returns ${next.length}`);
  const names = (tree: unknown) =>
    leavesWithPaths(tree, isTensor)
      .map(([path]) => path)
      .join(", ");
  if (names(carryIn) !== names(carryOut))
    throw usageError(
      `scan: the carry has the tensors ${names(carryIn)} but the body returns ${names(carryOut)}`,
    );
  next.forEach((t, i) => {
    const p = parameters[i] as Tensor;
    if (!sameShape(t.shape, p.shape))
      throw shapeError("scan", "the body changes the carry", p.shape, t.shape);
    if (t.dtype !== p.dtype)
      throw usageError(`scan: the body changes the carry from ${p.dtype} to ${t.dtype}`);
  });

  const noise = draws.map(({ parameter, draw: request }) => ({
    parameter,
    values: draw({ ...request, shape: [length, ...request.shape] }),
  }));
  // What the body hands on as it came is no carry: the loop reads it from outside, which copies nothing.
  const constant = parameters.map((parameter, i) => next[i] === parameter);
  const fixed = new Map(
    parameters.flatMap((parameter, i) => (constant[i] ? [[parameter, starts[i] as Tensor] as const] : [])),
  );
  const carried = parameters.flatMap((parameter, i) =>
    constant[i] ? [] : [{ parameter, init: starts[i] as Tensor, next: next[i] as Tensor }],
  );
  const results = substitute([...carried.map((c) => c.next), ...leaves(stacked, isTensor)], fixed);
  const outputs = closeLoop({
    carries: carried.map((c, i) => ({ ...c, next: results[i] as Tensor })),
    sequences: [
      ...leaves(slices, isTensor).map((parameter, i) => ({ parameter, values: values[i] as Tensor })),
      ...noise,
    ],
    stacked: results.slice(carried.length),
    length,
    reverse: options.reverse ?? false,
  });
  let end = 0;
  const finals = constant.map((same, i) => (same ? starts[i] : outputs[end++]) as Tensor);
  let own = 0;
  const carry = mapTree(carryOut, isTensor, () => finals[own++] as Tensor) as C;
  return [carry, mapTree(stacked, isTensor, () => outputs[end++] as Tensor) as Y];
}
