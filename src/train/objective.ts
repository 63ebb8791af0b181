import type { NDArray } from "../array.ts";
import type { DifferentiableModel, Parameters, Symbolic } from "../models/contract.ts";
import { type GradientOf, type RowGradient, valueAndGrad } from "../tensor/grad.ts";
import type { SymbolicKey, Tensor } from "../tensor/index.ts";

/** What training carries from step to step beside parameters, by name; real numbers alone. */
export type Carried = Readonly<Record<string, Tensor>>;

/** What a step of training goes by. */
export interface StepArguments<P extends Parameters> {
  readonly parameters: Symbolic<P>;
  readonly key: SymbolicKey;
  /** `[batch, ...sites]`. */
  readonly x: Tensor;
  readonly context: Tensor | undefined;
  readonly carried: Carried;
}

/**
 * What training minimises, as functions that a step's graph is made of. Most objectives are a model's differentiable loss;
 * that of an energy model has a gradient that no loss has, from chains that move before it is taken.
 */
export interface Objective<P extends Parameters = Parameters> {
  /** What training carries, before its first step; left out where it carries nothing. */
  readonly carried?: Readonly<Record<string, NDArray<"f32">>>;
  /** What is carried on to the next step, and rows that the model drew: constants to every derivative. */
  advance?(step: StepArguments<P>): { readonly carried: Carried; readonly rows: Tensor };
  /** The scalar whose gradient is followed, in nats a row. */
  loss(
    parameters: Symbolic<P>,
    x: Tensor,
    key: SymbolicKey,
    context: Tensor | undefined,
    rows: Tensor | undefined,
  ): Tensor;
  /** What is followed instead of the gradient of the loss. */
  gradient?(parameters: Symbolic<P>, gradient: Symbolic<P>, x: Tensor, rows: Tensor | undefined): Symbolic<P>;
}

/** A model's own loss. */
export function lossOf<P extends Parameters>(model: DifferentiableModel<P>): Objective<P> {
  return { loss: (p, x, key, context) => model.loss(p, x, key, context) };
}

/** What one step computes before the optimiser acts. */
export interface StepGradient<P extends Parameters> {
  readonly value: Tensor;
  readonly gradient: GradientOf<Symbolic<P>>;
  readonly sparse: Record<string, RowGradient>;
  readonly carried: Carried;
}

/** The loss of a step, the gradient that is followed (that of tables `sparse` as rows), and what is carried on. */
export function stepGradient<P extends Parameters>(
  objective: Objective<P>,
  step: StepArguments<P>,
  sparse: readonly string[] = [],
): StepGradient<P> {
  const { parameters, x, key, context } = step;
  const advanced = objective.advance?.(step);
  const rows = advanced?.rows;
  const both = valueAndGrad((p: Symbolic<P>) => objective.loss(p, x, key, context, rows), { sparse });
  const found = both(parameters);
  const gradient = objective.gradient?.(parameters, found.gradient as Symbolic<P>, x, rows) ?? found.gradient;
  return {
    value: found.value as Tensor,
    gradient: gradient as GradientOf<Symbolic<P>>,
    sparse: found.sparse,
    carried: advanced?.carried ?? {},
  };
}
