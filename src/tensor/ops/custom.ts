import { apply, applyAll, type Operation, type Tensor, type TensorType } from "../tensor.ts";

type None = Record<never, never>;
const typeOf = ({ shape, dtype }: Tensor): TensorType => ({ shape, dtype });

export const identityOperation: Operation<None> = {
  name: "identity",
  infer: (inputs) => [typeOf(inputs[0] as Tensor)],
  derivative: ({ cotangents }) => [cotangents[0]],
};

/** Returns the same value as a new tensor, so that a derivative can be taken with respect to it alone. */
export const identity = (x: Tensor): Tensor => apply(identityOperation, [x], {});

export const stopGradientOperation: Operation<None> = {
  name: "stopGradient",
  infer: (inputs) => [typeOf(inputs[0] as Tensor)],
  derivative: () => [undefined],
};

/** The same value, a constant to every derivative. */
export const stopGradient = (x: Tensor): Tensor => apply(stopGradientOperation, [x], {});

/** Returns the cotangents of a function's arguments from those of its results; see {@link customGradient}. */
export type Pullback = (
  cotangents: readonly (Tensor | undefined)[],
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
) => (Tensor | undefined)[];

export const customOperation: Operation<{ arguments: number; pullback: Pullback }> = {
  name: "custom",
  infer: (inputs, attributes) => inputs.slice(attributes.arguments).map(typeOf),
  derivative({ inputs, outputs, attributes, cotangents }) {
    const given = attributes.pullback(cotangents, inputs.slice(0, attributes.arguments), outputs);
    return [...given, ...outputs.map(() => undefined)];
  },
};

/**
 * Returns a function with a given derivative: `pullback` turns the cotangents of its results (undefined is
 * zero) into those of its arguments.
 */
export function customGradient(
  value: (...inputs: Tensor[]) => Tensor[],
  pullback: Pullback,
): (...inputs: Tensor[]) => Tensor[] {
  return (...inputs) =>
    applyAll(customOperation, [...inputs, ...value(...inputs)], { arguments: inputs.length, pullback });
}
