import type { Operation, Step, Tensor } from "../tensor.ts";

/** Returns for each of `targets` the terms that sum to its cotangent; see `pullback` of grad.ts. */
export type Pullback = (
  outputs: readonly Tensor[],
  cotangents: readonly (Tensor | undefined)[],
  targets: readonly Tensor[],
) => Tensor[][];

/**
 * Returns the cotangents of the inputs of one application from those of its outputs, as
 * `Operation.derivative` does.
 */
export type DerivativeRule<A> = (step: Step<A>, pullback: Pullback) => (Tensor | undefined)[];

/** Derivatives by operation. */
export type Derivatives = readonly (readonly [Operation, DerivativeRule<unknown>])[];

/** A line of the table of derivatives. */
export const rule = <A>(
  operation: Operation<A>,
  derivative: DerivativeRule<A>,
): readonly [Operation, DerivativeRule<unknown>] => [
  operation as Operation,
  derivative as DerivativeRule<unknown>,
];
