import type { BornTree } from "../../../src/tomography/born-tree.ts";
import type { Tally } from "../../../src/tomography/counts.ts";
import { nearestState } from "../../../src/tomography/nearest-state.ts";
import { fromPauli, toPauli } from "../../../src/tomography/pauli.ts";

/** See {@link projectedGradient}. */
export interface ProjectedOptions {
  readonly steps?: number;
  /** Called after each step with the loss, the coefficients and the derivatives there; true ends the search. */
  readonly ends?: (step: number, loss: number, x: Float64Array, gradient: Float64Array) => boolean;
}

/**
 * The state of greatest likelihood by accelerated projected gradients with restart, from Pauli coefficients `start` to those of the
 * optimum. An eigenproblem a step.
 *
 * Source: Shang, Zhang & Ng, Phys. Rev. A 95 (2017) 062336.
 */
export function projectedGradient(
  tree: BornTree,
  data: Tally,
  start: Float64Array,
  { steps = 2000, ends }: ProjectedOptions = {},
): { readonly x: Float64Array; readonly loss: number; readonly steps: number } {
  const size = start.length;
  const n = Math.round(Math.sqrt(size));
  const gradient = new Float64Array(size);
  const there = new Float64Array(size);
  let x: Float64Array = start.slice();
  let loss = tree.loss(x, data);
  let y: Float64Array = x.slice();
  let momentum = 1;
  let length = 1 / n;
  let step = 0;
  for (; step < steps; step++) {
    let from = tree.loss(y, data, gradient);
    if (!Number.isFinite(from)) {
      y = x.slice();
      momentum = 1;
      from = tree.loss(y, data, gradient);
    }
    let next = x;
    let to = from;
    for (;;) {
      next = toPauli(nearestState(fromPauli(y.map((v, i) => v - length * n * gradient[i]!))));
      to = tree.loss(next, data);
      let [linear, square] = [0, 0];
      for (let i = 0; i < size; i++) {
        const d = next[i]! - y[i]!;
        linear += gradient[i]! * d;
        square += d * d;
      }
      if (to <= from + linear + square / (2 * length * n) + 1e-14 * Math.abs(from) || length < 1e-12) break;
      length /= 2;
    }
    if (to > loss && momentum > 1) {
      y = x.slice();
      momentum = 1;
      continue;
    }
    const faster = (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2;
    const push = (momentum - 1) / faster;
    y = next.map((v, i) => v + push * (v - x[i]!));
    momentum = faster;
    x = next;
    loss = to;
    length *= 1.1;
    if (ends) {
      tree.loss(x, data, there);
      if (ends(step, loss, x, there)) break;
    }
  }
  return { x, loss, steps: step };
}
