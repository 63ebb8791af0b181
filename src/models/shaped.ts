import { usageError } from "../error.ts";
import type { SymbolicKey } from "../tensor/ops/random.ts";
import { formatShape, type Shape, sameShape } from "../tensor/shape.ts";
import { isTensor, type Tensor } from "../tensor/tensor.ts";
import type { BoundedModel, Parameters, Symbolic } from "./contract.ts";

/**
 * Returns the output `value` of a model's function, called `what`, if it is a tensor of the `expected` shape;
 * else throws AnsatzError (usage) that names the family and both shapes. Called once, while a graph is
 * traced.
 */
export function shaped(family: string, what: string, value: unknown, expected: Shape): Tensor {
  if (!isTensor(value)) throw usageError(`${family}: ${what} is no tensor`);
  if (!sameShape(value.shape, expected))
    throw usageError(
      `${family}: ${what} has shape ${formatShape(value.shape)}, expected ${formatShape(expected)}`,
    );
  return value;
}

/**
 * Returns the bound of rows `x: [batch, ...sites]` and its parts; throws AnsatzError (usage) for an invalid
 * one, as {@link shaped}.
 */
export function boundOf<P extends Parameters>(
  model: BoundedModel<P>,
  parameters: Symbolic<P>,
  x: Tensor,
  key: SymbolicKey,
  context: Tensor | undefined,
): ReturnType<BoundedModel<P>["bound"]> {
  const given: Partial<ReturnType<BoundedModel<P>["bound"]>> = model.bound(parameters, x, key, context);
  if (isTensor(given) || typeof given?.parts !== "object")
    throw usageError(
      `${model.family}: bound gives { bound, parts }, the parts {} where there are none; it gave ` +
        (isTensor(given) ? "a tensor" : "no parts"),
    );
  const bound = shaped(model.family, "bound", given.bound, [x.shape[0] as number]);
  return { ...(given as ReturnType<BoundedModel<P>["bound"]>), bound };
}
