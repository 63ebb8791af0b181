import type { OptimiserKernel } from "../kernels/optimiser.ts";

/** The five operations an update rule needs, over numbers, arrays or symbolic tensors. */
export interface Arithmetic<T> {
  /** a + b, element by element. */
  add(a: T, b: T): T;
  /** a − b, element by element. */
  sub(a: T, b: T): T;
  /** a · b, element by element. */
  mul(a: T, b: T): T;
  /** a / b, element by element. */
  div(a: T, b: T): T;
  /** √a, element by element; a is never negative. */
  sqrt(a: T): T;
}

/** Arithmetic of plain numbers, in f64. */
export const numbers: Arithmetic<number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  sqrt: Math.sqrt,
};

/** Options of one step. */
export interface StepOptions {
  /** Learning rate of this step. */
  readonly lr: number;
  /** Number of this step; the first is 1 (bias corrections depend on it). */
  readonly t: number;
  /** Factor on the gradient, as from {@link clipScale} (default 1). */
  readonly gradScale?: number;
}

/**
 * The scalars of one step, computed on the host in f64. A rule uses those it needs; the others are 0.
 * They are plain numbers, so that a graph that holds several steps can take them as per-step inputs.
 */
export interface Coefficients<T = number> {
  /** Factor on the gradient. */
  readonly gradScale: T;
  /** Weight decay added to the gradient: g + l2·θ. */
  readonly l2: T;
  /** Decoupled weight decay, lr included: θ − decay·θ. */
  readonly decay: T;
  /** Learning rate, bias corrections included. */
  readonly stepSize: T;
  /** β₁, the share of the running mean that is kept. */
  readonly meanKeep: T;
  /** 1 − β₁. */
  readonly meanRate: T;
  /** β₂, the share of the running mean square that is kept. */
  readonly squareKeep: T;
  /** 1 − β₂. */
  readonly squareRate: T;
  /** Term that keeps the denominator above 0, bias correction included. */
  readonly epsilon: T;
  /** Share of the previous velocity that is kept. */
  readonly momentum: T;
}

/** Parameters and the rule's state vectors for them, all of one shape. */
export interface Moments<T> {
  /** The parameters themselves. */
  readonly param: T;
  /** One state vector for each name in the rule's `stateVectors`. */
  readonly state: readonly T[];
}

/** A stretch of vectors in a kernel's memory, as byte offsets; a `mask` of 0 means none. */
export interface Region {
  /** Offset of the first parameter in bytes. */
  readonly params: number;
  /** Offset of the first element of the gradient in bytes. */
  readonly grads: number;
  /** Offset of the first element of each state vector in bytes. */
  readonly state: readonly number[];
  /** Offset of the gradient's mask in bytes; 0 if there is none. */
  readonly mask: number;
  /** Elements in the stretch. */
  readonly length: number;
}

/**
 * An update rule, stated twice: `apply` over any arithmetic, for graphs and as the reference, and `update`, the
 * fused kernel. Both are elementwise and take the same coefficients.
 */
export interface UpdateRule {
  /** The rule's name, as options of a training take it: `adam`. */
  readonly name: string;
  /** Every option with its value, as given or by default: what a run records. */
  readonly options: Readonly<Record<string, number | boolean>>;
  /** Names of the state vectors, each as long as the parameters and 0 at the start. */
  readonly stateVectors: readonly string[];
  /** Scalars of the step; `decays` is false for parameters that weight decay spares. */
  coefficients(at: StepOptions, decays: boolean): Coefficients;
  /** One update in the given arithmetic: new parameters and state from the old and the raw gradient. */
  apply<T>(math: Arithmetic<T>, old: Moments<T>, grad: T, c: Coefficients<T>): Moments<T>;
  /** One update in place in the kernel's memory. */
  update(kernel: OptimiserKernel, region: Region, c: Coefficients): void;
}

/** The initial coefficients of a rule: all 0 except the gradient's factor. */
export function baseCoefficients(at: StepOptions): Coefficients {
  const { gradScale = 1 } = at;
  return {
    gradScale,
    l2: 0,
    decay: 0,
    stepSize: 0,
    meanKeep: 0,
    meanRate: 0,
    squareKeep: 0,
    squareRate: 0,
    epsilon: 0,
    momentum: 0,
  };
}

/** gradScale·g + l2·θ. */
export function effectiveGradient<T>(math: Arithmetic<T>, param: T, grad: T, c: Coefficients<T>): T {
  return math.add(math.mul(grad, c.gradScale), math.mul(c.l2, param));
}

/** Exponential running average: keep·old + rate·value, where keep + rate = 1. */
export function average<T>(math: Arithmetic<T>, old: T, value: T, keep: T, rate: T): T {
  return math.add(math.mul(keep, old), math.mul(rate, value));
}
