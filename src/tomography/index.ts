/**
 * Density matrices of measured qubits: Born's rule, Pauli coefficients, maximum likelihood with a certified bound.
 *
 * @module ansatz/tomography
 */

export type { ComplexMatrix } from "../stats/hermitian-eigen.ts";
export { BornTree } from "./born-tree.ts";
export { mostDensityQubits, type Tally, tallyOf, withCounts } from "./counts.ts";
export { drawCounts } from "./draw-counts.ts";
export {
  likelihoodBound,
  type MaximumLikelihoodOptions,
  type MaximumLikelihoodState,
  maximumLikelihood,
} from "./maximum-likelihood.ts";
export { nearestState } from "./nearest-state.ts";
export { fromPauli, toPauli } from "./pauli.ts";
export { type PauliMeans, pauliMeans } from "./pauli-means.ts";
export { type Calibration, fitReadout, type ReadoutFit, type ReadoutOptions } from "./readout.ts";
export { isPureState, mirroredState, overlap, pureState, requireState } from "./states.ts";
