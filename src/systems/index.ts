/**
 * Physical systems: energies, exact values, simulations and observables.
 *
 * @module ansatz/systems
 */

export { type BoltzmannOptions, boltzmannSystem } from "./boltzmann.ts";
export { type ChainEnergy, chainExact } from "./exact/chain.ts";
export { enumerableStates, enumerateTarget } from "./exact/enumerate.ts";
export { isForest, type PairWeights, type TreeMarginals, treeMarginals } from "./exact/tree.ts";
export {
  agreedSystem,
  type GivenSystem,
  type NamedSystem,
  namedSystem,
  ofParameters,
  requireAlike,
  withKnown,
  withSystem,
} from "./given.ts";
export * from "./hmc/index.ts";
export * from "./ising/index.ts";
export * from "./kappa/index.ts";
export { areMaps, firstSystem, type KnownSystem, oneSystem, systemOfRows, systemsOf } from "./known.ts";
export type { Ensemble, Measure, Sampler } from "./monte-carlo/ensemble.ts";
export * from "./pairwise/index.ts";
export * from "./phi4/index.ts";
export * from "./planar/index.ts";
export * from "./potts/index.ts";
export * from "./qubits/index.ts";
export {
  createSystem,
  type DefaultSystemName,
  isKnownSystem,
  type SystemName,
  systemKind,
  systemKinds,
} from "./registry.ts";
export {
  type SimulateRequest,
  simulate,
  simulateTemperatures,
  type TemperaturesRequest,
} from "./simulate.ts";
export * from "./spin-glass/index.ts";
export { magnetisation } from "./spins/magnetisation.ts";
export type {
  Exact,
  MeanStatistic,
  Parameters,
  RowFunction,
  SimulateOptions,
  Simulation,
  SimulationProgress,
  SimulationStore,
  System,
  SystemKind,
  Target,
} from "./system.ts";
export { type EnergyTargetOptions, energyTarget } from "./target.ts";
export { targetSystem } from "./target-system.ts";
export * from "./u1/index.ts";
export * from "./xy/index.ts";
