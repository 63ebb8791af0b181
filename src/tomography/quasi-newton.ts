import { descent, dot, type Pair, remember } from "../optim/curvature.ts";

/** See {@link quasiNewton}. */
export interface QuasiNewtonOptions {
  /** Maximum number of steps (default 1,000). */
  readonly steps?: number;
  /** Number of past steps used for the curvature (default 12). */
  readonly memory?: number;
  /** Called after each step with the loss, the place and the gradient there; true ends the search. */
  readonly ends?: (step: number, loss: number, x: Float64Array, gradient: Float64Array) => boolean;
}

/** Where a search ended. */
export interface Minimum {
  readonly x: Float64Array;
  readonly loss: number;
  readonly steps: number;
}

/**
 * Minimises a smooth function by L-BFGS with a backtracking search along each direction.
 * `evaluate(x, gradient)` returns the loss and fills in the gradient; an infinite loss makes the step
 * shorter. Also ends if no step lowers the loss any more.
 *
 * Source: Nocedal, Math. Comp. 35 (1980) 773; acceptance by slopes: Hager & Zhang, SIAM J. Optim. 16 (2005)
 * 170, equation 4.1.
 */
export function quasiNewton(
  evaluate: (x: Float64Array, gradient: Float64Array) => number,
  start: Float64Array,
  { steps = 1000, memory = 12, ends }: QuasiNewtonOptions = {},
): Minimum {
  let x = start.slice();
  let gradient = new Float64Array(x.length);
  let loss = evaluate(x, gradient);
  let [next, nextGradient] = [new Float64Array(x.length), new Float64Array(x.length)];
  const pairs: Pair[] = [];
  let step = 0;
  while (step < steps) {
    let direction = descent(gradient, pairs);
    let slope = dot(direction, gradient);
    if (!(slope < 0)) {
      pairs.length = 0;
      direction = gradient.map((g) => -g);
      slope = -dot(gradient, gradient);
      if (!(slope < 0)) break;
    }
    let size = pairs.length > 0 ? 1 : Math.min(1, Math.sqrt(dot(x, x) / -slope) / 2 || 1);
    let to = Number.POSITIVE_INFINITY;
    for (;;) {
      for (let i = 0; i < x.length; i++) next[i] = x[i]! + size * direction[i]!;
      to = evaluate(next, nextGradient);
      if (to <= loss + 1e-4 * size * slope) break;
      if (Number.isFinite(to)) {
        // Near the minimum the fall vanishes beside the rounding of the loss, and slopes alone tell where it is.
        const end = dot(direction, nextGradient);
        if (to <= loss + 1e-14 * Math.abs(loss) && end <= -0.8 * slope) break;
        const parabola = slope / (slope - end);
        size *= end > 0 ? Math.min(0.6, Math.max(0.1, parabola)) : 0.3;
      } else size /= 4;
      if (size < 1e-12) break;
    }
    if (size < 1e-12) {
      if (pairs.length === 0) break;
      pairs.length = 0;
      continue;
    }
    remember(pairs, memory, x, next, gradient, nextGradient);
    [x, next] = [next, x];
    [gradient, nextGradient] = [nextGradient, gradient];
    loss = to;
    step++;
    if (ends?.(step, loss, x, gradient)) break;
  }
  return { x, loss, steps: step };
}
