export { type BoltzmannOptions, boltzmannSystem } from "./boltzmann.ts";
export { type SimulateRequest, simulate } from "./dataset.ts";
export { type ChainEnergy, chainExact } from "./exact/chain.ts";
export { isForest, type PairWeights, type TreeMarginals, treeMarginals } from "./exact/tree.ts";
export * from "./hmc/index.ts";
export * from "./ising/index.ts";
export * from "./pairwise/index.ts";
export * from "./phi4/index.ts";
export * from "./planar/index.ts";
export { createSystem, type SystemName, systemKind, systemKinds } from "./registry.ts";
export { magnetisation } from "./spins/magnetisation.ts";
export type { Chain, Sampler } from "./spins/sampler.ts";
export type {
  Exact,
  MeanStatistic,
  Parameters,
  RowFunction,
  SimulateOptions,
  Simulation,
  SimulationProgress,
  System,
  SystemKind,
  Target,
} from "./system.ts";
export { type EnergyTargetOptions, energyTarget } from "./target.ts";
export * from "./u1/index.ts";
