export {
  type BootstrappedState,
  type BootstrappedValue,
  type BootstrapStateOptions,
  parametricBootstrap,
  type StateNumbers,
} from "./bootstrap.ts";
export { devianceBySetting, type GoodnessOfFit, goodnessOfFit } from "./deviance.ts";
export {
  type DirectEstimate,
  directFidelity,
  directMean,
  pauliEstimates,
  shadowFidelity,
} from "./direct.ts";
export { type DirectWeights, directWeights, hasDirectEstimators } from "./direct-weights.ts";
export { entanglementBound } from "./entanglement-bound.ts";
export { type BothOrders, bothOrders, logLikelihoodPerShot } from "./likelihood.ts";
export { type ModelState, type ModelStateOptions, modelTable, stateOfModel } from "./model-state.ts";
export { type NetworkBootstrapOptions, networkBootstrap } from "./network-bootstrap.ts";
export { type NoisyTargetOrders, noisyTargetOrders } from "./noisy-target.ts";
export { outcomeFidelity, outcomePauliMean } from "./outcome-samples.ts";
export {
  type BothFidelities,
  bothFidelities,
  concurrence,
  entropy,
  fidelity,
  negativity,
  purity,
} from "./properties.ts";
export {
  type PauliTerm,
  type StateSampleOptions,
  statePauliMean,
  stateRenyi,
} from "./state-samples.ts";
export {
  type Amplitudes,
  amplitudesOf,
  type FittedState,
  type KnownState,
  knownState,
  networkFidelity,
} from "./state-vector.ts";
export { coherentShare, coversPairs, type TablePlan, tablePlan } from "./table-plan.ts";
export { type TurnTest, turnScores, turnTest } from "./turn.ts";
export { ghzWitness, type Witness, wWitness } from "./witness.ts";
