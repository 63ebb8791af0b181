export { criticalBeta, cubicCriticalBeta, squareCriticalBeta } from "./critical.ts";
export { bondSum, isingEnergy } from "./energy.ts";
export {
  allConfigurations,
  type DensityOfStates,
  densityOfStates,
  enumerableSites,
  fromDensityOfStates,
} from "./enumerate.ts";
export { exactIsing } from "./exact.ts";
export { type Ising, ising } from "./ising.ts";
export { kaufman } from "./kaufman.ts";
export { type Lattice, periodicLattice } from "./lattice.ts";
export { metropolis } from "./metropolis.ts";
export { correlation, magnetisation } from "./observables.ts";
export { type IsingParameters, isingParameters } from "./parameters.ts";
export { ring } from "./ring.ts";
export type { Chain, Sampler } from "./sampler.ts";
export { type IsingSimulateOptions, simulateIsing } from "./simulate.ts";
export type { Reduced } from "./thermodynamics.ts";
export { wolff } from "./wolff.ts";
