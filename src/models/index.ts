export type {
  ApproximateModel,
  Domain,
  Draws,
  ExactModel,
  Family,
  ImplicitModel,
  Model,
  ModelBase,
  Parameters,
  Traced,
} from "./contract.ts";
export { type MadeHyperparameters, made, makeMade } from "./exact/made/made.ts";
export type { MadeParameters } from "./exact/made/network.ts";
export { FittedExact, fitted, type SampleOptions, traceLogProb, traceSampler } from "./fitted.ts";
export { createModel, families, familyNamed } from "./registry.ts";
