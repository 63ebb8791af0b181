export { type SimulateRequest, simulate } from "./dataset.ts";
export * from "./ising/index.ts";
export { createSystem, type SystemName, systemKind, systemKinds } from "./registry.ts";
export type {
  Exact,
  Parameters,
  SimulateOptions,
  Simulation,
  SimulationProgress,
  System,
  SystemKind,
} from "./system.ts";
