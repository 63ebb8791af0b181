import { substitute } from "../graph.ts";
import { add } from "../ops/arithmetic.ts";
import { zeros } from "../ops/fill.ts";
import { reshape, transpose, transposeOperation } from "../ops/layout.ts";
import { matmul, matmulOperation } from "../ops/linear.ts";
import { sum, sumOperation } from "../ops/reduce.ts";
import { closeLoop, type ScanAttributes } from "../ops/scan.ts";
import { elements } from "../shape.ts";
import { input, isFloat, type Step, type Tensor } from "../tensor.ts";
import { total } from "../total.ts";
import type { Pullback } from "./rule.ts";

/** A term of a captured value's cotangent that is formed once, after the loop, from stacked factors. */
interface Deferred {
  readonly factors: readonly Tensor[];
  combine(stacks: readonly Tensor[]): Tensor;
}

/**
 * The derivative of a loop: another loop, run the other way, that carries the cotangents. It reads each step's
 * carries and results from the forward loop and replays only how their elements are arranged. Where the body multiplies by a captured
 * matrix or adds a captured bias, their gradients are one product or one sum after the loop.
 */
export function scanDerivative(step: Step<ScanAttributes>, pullback: Pullback): (Tensor | undefined)[] {
  const { inputs, outputs, attributes: body, cotangents } = step;
  const { carries, sequences, length } = body;
  const slots = body.outputs.map(({ shape, dtype }, i) =>
    isFloat(dtype) && (i < carries || cotangents[i] !== undefined) ? input({ shape, dtype }) : undefined,
  );
  const terms = pullback(body.outputs, slots, body.inputs);

  const deferred: (readonly Deferred[])[] = [];
  const accumulated: { position: number; parameter: Tensor; next: Tensor }[] = [];
  body.inputs.slice(carries + sequences).forEach((parameter, k) => {
    const later: Deferred[] = [];
    const now: Tensor[] = [];
    for (const term of terms[carries + sequences + k] as Tensor[]) {
      const found = defer(term, length);
      if (found) later.push(found);
      else now.push(term);
    }
    deferred.push(later);
    const each = total(now);
    if (each === undefined) return;
    const running = input(parameter);
    accumulated.push({ position: k, parameter: running, next: add(running, each) });
  });

  // Body tensors whose values the forward loop has stacked: its carries, slices and results.
  const stacks = new Map<Tensor, Tensor>();
  body.outputs.forEach((t, i) => {
    if (i >= carries) stacks.set(t, outputs[i] as Tensor);
  });
  body.inputs.slice(carries, carries + sequences).forEach((t, i) => {
    stacks.set(t, inputs[carries + i] as Tensor);
  });
  const replay = new Map<Tensor, Tensor>();
  const read: { parameter: Tensor; values: Tensor }[] = [];
  for (const [t, values] of stacks) {
    const parameter = input(t);
    replay.set(t, parameter);
    read.push({ parameter, values });
  }
  body.inputs.slice(carries + sequences).forEach((t, i) => {
    replay.set(t, inputs[carries + sequences + i] as Tensor);
  });
  slots.forEach((slot, i) => {
    const values = cotangents[i];
    if (i >= carries && slot !== undefined && values !== undefined) read.push({ parameter: slot, values });
  });

  const emitted = [...new Set(deferred.flat().flatMap((d) => d.factors))].filter((f) => !stacks.has(f));
  const sliceTerms = body.inputs
    .slice(carries, carries + sequences)
    .map((_, i) => total(terms[carries + i] ?? []));
  const flowing = body.inputs
    .slice(0, carries)
    .flatMap((parameter, i) => (slots[i] ? [{ parameter, i }] : []));
  const next = flowing.map(
    ({ parameter, i }) => total(terms[i] ?? []) ?? zeros(parameter.shape, parameter.dtype),
  );
  const stacked = [...sliceTerms.filter((t) => t !== undefined), ...emitted];
  const rebuilt = substitute([...next, ...accumulated.map((a) => a.next), ...stacked], replay);

  const results = closeLoop({
    carries: [
      ...flowing.map(({ parameter, i }, j) => ({
        parameter: slots[i] as Tensor,
        init: cotangents[i] ?? zeros(parameter.shape, parameter.dtype),
        next: rebuilt[j] as Tensor,
      })),
      ...accumulated.map((a, j) => ({
        parameter: a.parameter,
        init: zeros(a.parameter.shape, a.parameter.dtype),
        next: rebuilt[flowing.length + j] as Tensor,
      })),
    ],
    sequences: read,
    stacked: rebuilt.slice(flowing.length + accumulated.length),
    length,
    reverse: !body.reverse,
  });

  let cursor = flowing.length + accumulated.length;
  const dSlices = sliceTerms.map((t) => (t === undefined ? undefined : results[cursor++]));
  for (const f of emitted) stacks.set(f, results[cursor++] as Tensor);
  const dCaptured = deferred.map((later, k) => {
    const products = later.map((d) => d.combine(d.factors.map((f) => stacks.get(f) as Tensor)));
    const slot = accumulated.findIndex((a) => a.position === k);
    return total(slot < 0 ? products : [...products, results[flowing.length + slot] as Tensor]);
  });
  const dCarries = body.inputs.slice(0, carries).map((_, i) => {
    const j = flowing.findIndex((f) => f.i === i);
    return j < 0 ? undefined : results[j];
  });
  return [...dCarries, ...dSlices, ...dCaptured];
}

/** Σ_t Aₜᵀ Gₜ is the product of the stacked factors, and Σ_t Σ_rows Uₜ one sum over the stack. */
function defer(term: Tensor, length: number): Deferred | undefined {
  const { operation, inputs, attributes } = term.node;
  if (operation === matmulOperation && inputs.every((x) => x.shape.length === 2)) {
    const [left, right] = inputs as [Tensor, Tensor];
    const a = left.node.operation === transposeOperation ? (left.node.inputs[0] as Tensor) : transpose(left);
    const tall = (stack: Tensor) => {
      const [, rows, columns] = stack.shape as [number, number, number];
      return reshape(stack, [elements([length, rows]), columns]);
    };
    return {
      factors: [a, right],
      combine: ([x, g]) => matmul(transpose(tall(x as Tensor)), tall(g as Tensor)),
    };
  }
  if (operation === sumOperation) {
    const { axes } = attributes as { axes: readonly number[] };
    return {
      factors: [inputs[0] as Tensor],
      combine: ([u]) => sum(u as Tensor, [0, ...axes.map((a) => a + 1)]),
    };
  }
  return undefined;
}
