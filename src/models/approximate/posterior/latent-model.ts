import { usageError } from "../../../error.ts";
import type { BoundedModel, LatentVariables, Parameters } from "../../contract.ts";

/** A model with a bound for which P(x) is an integral over latent variables. */
export type LatentModel<P extends Parameters = Parameters> = BoundedModel<P> & {
  readonly latent: LatentVariables<P>;
};

/** Whether a model has latent variables that can be asked. */
export function isLatent<P extends Parameters>(model: BoundedModel<P>): model is LatentModel<P> {
  return model.latent !== undefined;
}

/**
 * Returns the model as one with latent variables; throws AnsatzError (usage) if it has none, with `cannot`,
 * what is then impossible.
 */
export function requireLatent<P extends Parameters>(model: BoundedModel<P>, cannot: string): LatentModel<P> {
  if (!isLatent(model)) throw usageError(`a ${model.family} has no latent variables ${cannot}`);
  return model;
}
