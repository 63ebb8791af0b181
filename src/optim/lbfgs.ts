import { descent, dot, type Pair, remember } from "./curvature.ts";

/** The state of a full-batch search: all that its next step depends on. */
export interface LbfgsPlace {
  /** The parameters. */
  readonly x: Float64Array;
  /** The loss there. */
  readonly loss: number;
  /** Its gradient there. */
  readonly gradient: Float64Array;
  /** The curvature that earlier steps saw, oldest first. */
  readonly pairs: readonly Pair[];
}

/** The loss at one point; its gradient is computed on demand. */
export interface Evaluation {
  readonly loss: number;
  gradient(): Promise<Float64Array>;
}

/** A loss that is evaluated on all data at once. */
export type Evaluate = (x: Float64Array) => Promise<Evaluation>;

/** Number of past steps used for the curvature. */
export const lbfgsMemory = 12;

/** The place `x` with nothing known of the curvature. */
export async function lbfgsStart(evaluate: Evaluate, x: Float64Array): Promise<LbfgsPlace> {
  const at = await evaluate(x);
  return { x, loss: at.loss, gradient: await at.gradient(), pairs: [] };
}

/**
 * Makes one step of L-BFGS with a backtracking search along its direction; undefined if no step lowers the
 * loss any more. The loss must be of double precision: near a minimum its changes are small.
 *
 * Source: Nocedal, Math. Comp. 35 (1980) 773.
 */
export async function lbfgsStep(evaluate: Evaluate, at: LbfgsPlace): Promise<LbfgsPlace | undefined> {
  const found = await search(evaluate, at, descent(at.gradient, at.pairs), at.pairs.length > 0);
  if (found) return found;
  // What is remembered may mislead; the gradient does not.
  if (at.pairs.length === 0) return undefined;
  const downhill = at.gradient.map((g) => -g);
  return search(evaluate, { ...at, pairs: [] }, downhill, false);
}

async function search(
  evaluate: Evaluate,
  at: LbfgsPlace,
  direction: Float64Array,
  isScaled: boolean,
): Promise<LbfgsPlace | undefined> {
  const slope = dot(direction, at.gradient);
  if (!(slope < 0)) return undefined;
  // Without a curvature: a first step of the length 0.1.
  let size = isScaled ? 1 : Math.min(1, 0.1 / Math.sqrt(dot(direction, direction)));
  for (; size > 1e-12; size *= 0.4) {
    const x = at.x.map((value, i) => value + size * direction[i]!);
    const there = await evaluate(x);
    if (!(there.loss <= at.loss + 1e-4 * size * slope)) continue;
    const gradient = await there.gradient();
    const pairs = [...at.pairs];
    remember(pairs, lbfgsMemory, at.x, x, at.gradient, gradient);
    return { x, loss: there.loss, gradient, pairs };
  }
  return undefined;
}
