import { wasm } from "./generated/optimiser.ts";
import { loadKernel } from "./load.ts";

/**
 * The functions of `kernels/optimiser.ts`: fused updates over flat f32 vectors, in place. Vectors are byte
 * offsets into the memory the kernel was loaded over, 0 for none; `n` counts elements.
 */
export interface OptimiserKernel {
  adam(
    params: number,
    grads: number,
    mean: number,
    square: number,
    mask: number,
    n: number,
    gradScale: number,
    l2: number,
    decay: number,
    stepSize: number,
    meanKeep: number,
    meanRate: number,
    squareKeep: number,
    squareRate: number,
    epsilon: number,
  ): void;
  rmsprop(
    params: number,
    grads: number,
    square: number,
    velocity: number,
    mask: number,
    n: number,
    gradScale: number,
    l2: number,
    stepSize: number,
    squareKeep: number,
    squareRate: number,
    epsilon: number,
    momentum: number,
  ): void;
  sgd(
    params: number,
    grads: number,
    velocity: number,
    mask: number,
    n: number,
    gradScale: number,
    l2: number,
    stepSize: number,
    momentum: number,
    nesterov: boolean,
  ): void;
  /** into ← keep·into + rate·x, where keep + rate = 1. */
  averageOf(into: number, x: number, n: number, keep: number, rate: number): void;
  /** Sum of squares of x (times the mask) in f64: finite exactly when every element is. */
  sumSquares(x: number, mask: number, n: number): number;
  /** Number of elements that are NaN or infinite. */
  countNonFinite(x: number, n: number): number;
  /** x ← factor·x. */
  scale(x: number, n: number, factor: number): void;
}

/** Loads the optimiser kernel over `memory`. */
export function optimiserKernel(memory: WebAssembly.Memory): OptimiserKernel {
  return loadKernel<OptimiserKernel>(wasm, memory);
}
