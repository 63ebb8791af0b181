import { elu, gelu, relu, sigmoid, silu, type Tensor, tanh } from "../tensor/index.ts";

/** Activation functions by name. */
export const activations = { relu, tanh, sigmoid, silu, gelu, elu } satisfies Record<
  string,
  (x: Tensor) => Tensor
>;

/** The name of an activation function. */
export type ActivationName = keyof typeof activations;

/** The names, for schemas. */
export const activationNames = Object.keys(activations) as [ActivationName, ...ActivationName[]];
