export { type IsingAlgorithm, isingAlgorithms } from "./algorithms.ts";
export { correlation } from "./correlation.ts";
export { criticalBeta, cubicCriticalBeta, squareCriticalBeta, triangularCriticalBeta } from "./critical.ts";
export { bondSum, isingEnergy } from "./energy.ts";
export {
  allConfigurations,
  type DensityOfStates,
  densityOfStates,
  enumerableSites,
  fromDensityOfStates,
} from "./enumerate.ts";
export { exactIsing } from "./exact.ts";
export { type FiniteSize, finiteSize } from "./finite-size.ts";
export { type Ising, ising } from "./ising.ts";
export { kaufman } from "./kaufman.ts";
export { type Lattice, type LatticeKind, latticeKinds, periodicLattice } from "./lattice.ts";
export { type IsingParameters, isingParameters } from "./parameters.ts";
export { ring } from "./ring.ts";
export { type IsingSimulateOptions, simulateIsing } from "./simulate.ts";
export type { Reduced } from "./thermodynamics.ts";
export { transferMatrix } from "./transfer.ts";
export { triangular } from "./triangular.ts";
