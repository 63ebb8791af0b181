export type { Autoregressive, CompletionRequest, Completions } from "./contract/autoregressive.ts";
export type { BoundDraw, BoundedModel } from "./contract/bounded.ts";
export type { Coding, HasCodes } from "./contract/coding.ts";
export { type CodePrior, type Domain, inputType, type ModelBase } from "./contract/definition.ts";
export type { Draws } from "./contract/draws.ts";
export type {
  EnergyModel,
  EnergyParameters,
  EnergyTraining,
  Enumeration,
  TemperedPath,
} from "./contract/energy.ts";
export type { DifferentiableModel, ExactModel } from "./contract/exact.ts";
export type { Family } from "./contract/family.ts";
export type { Flow } from "./contract/flow.ts";
export type { DensityOptions, TimeDrawing, TimeFlow } from "./contract/flow-time.ts";
export type { Critic, ImplicitModel } from "./contract/implicit.ts";
export type { LatentVariables } from "./contract/latent.ts";
export { type Kind, type LikelihoodWord, likelihoodOf, type Model } from "./contract/model.ts";
export type {
  Batch,
  ClosedPlayer,
  ClosedUpdate,
  GradientPlayer,
  LossResult,
  Monitor,
  Objective,
  ObjectiveRequest,
  Player,
  State,
  Step,
  Stored,
} from "./contract/objective.ts";
export type { Parameters, Symbolic } from "./contract/parameters.ts";
export type { ShallowDraws, ShallowLayers } from "./contract/shallow.ts";
export type { Solvable } from "./contract/solvable.ts";
export type { LogAmplitude, StateVector } from "./contract/state-vector.ts";
