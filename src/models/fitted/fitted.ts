import type { EngineOptions } from "../../runtime/engine.ts";
import type {
  BoundedModel,
  Coding,
  EnergyModel,
  EnergyParameters,
  ExactModel,
  ImplicitModel,
  Model,
  Parameters,
} from "../contract.ts";
import { FittedBounded } from "./bounded.ts";
import type { Coded } from "./coder.ts";
import { FittedEnergy } from "./energy.ts";
import { FittedExact } from "./exact.ts";
import { FittedImplicit } from "./implicit.ts";

/** The parameters of a model. */
export type ParametersOf<M> = M extends { init(...args: never): infer P extends Parameters } ? P : never;

/** A model `M` with its parameters: just what may be asked of its kind, and of its codes if it has any. */
export type Fitted<M extends Model = Model> = OfKind<M> & OfCodes<M>;

type OfCodes<M> = M extends { readonly coding: Coding<never> } ? Coded : unknown;

type OfKind<M extends Model> = M extends { readonly kind: "exact" }
  ? FittedExact<ParametersOf<M>>
  : M extends { readonly kind: "energy" }
    ? FittedEnergy<ParametersOf<M> & EnergyParameters>
    : M extends { readonly kind: "bounded" }
      ? FittedBounded<ParametersOf<M>>
      : FittedImplicit<ParametersOf<M>>;

/** A fitted model of any kind; {@link byKind} dispatches on the kind. */
export type AnyFitted = FittedExact | FittedBounded | FittedEnergy | FittedImplicit;

/** What is done with a fitted model, by its kind. */
export interface ByKind<R> {
  /** For a model that gives log P(x) and samples. */
  exact(fitted: FittedExact): R;
  /** For a model that gives a lower bound of log P(x) and samples. */
  bounded(fitted: FittedBounded): R;
  /** For a model that gives log P(x) up to a constant, and samples by Markov chains. */
  energy(fitted: FittedEnergy): R;
  /** For a model that gives samples alone. */
  implicit(fitted: FittedImplicit): R;
}

/** Does with a fitted model what its kind allows. */
export function byKind<R>(fitted: AnyFitted, cases: ByKind<R>): R {
  return (cases[fitted.model.kind] as (fitted: AnyFitted) => R)(fitted);
}

/** A model with its parameters, as its kind allows it to be used. */
export function fitted<M extends Model>(
  model: M,
  parameters: ParametersOf<M>,
  options: EngineOptions = {},
): Fitted<M> {
  const made: { readonly [K in Model["kind"]]: (model: never, parameters: never) => AnyFitted } = {
    exact: (own: ExactModel, p: Parameters) => new FittedExact(own, p, options),
    bounded: (own: BoundedModel, p: Parameters) => new FittedBounded(own, p, options),
    energy: (own: EnergyModel, p: EnergyParameters) => new FittedEnergy(own, p, options),
    implicit: (own: ImplicitModel, p: Parameters) => new FittedImplicit(own, p, options),
  };
  const handle = made[model.kind](model as never, parameters as never);
  return (model.coding ? Object.assign(handle, codedBy(handle.coder)) : handle) as unknown as Fitted<M>;
}

/** The additional methods of a handle for a model with codes. */
const codedBy = (coder: Coded): Coded => ({
  encode: (x, options) => coder.encode(x, options),
  decode: (codes, options) => coder.decode(codes, options),
});
