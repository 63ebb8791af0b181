export { defaultPottsAlgorithm, type PottsAlgorithm, pottsAlgorithms } from "./algorithms.ts";
export { pottsEnergy } from "./energy.ts";
export { exactPotts } from "./exact.ts";
export { type PottsParameters, pottsCriticalBeta, pottsParameters } from "./parameters.ts";
export { type Potts, potts } from "./potts.ts";
