export { phi4Action, phi4EnergyTensor } from "./action.ts";
export { freeField, type Phi4Exact } from "./free.ts";
export { binderCumulant, fieldCorrelation, fieldMean } from "./observables.ts";
export { type Phi4Parameters, phi4Parameters } from "./parameters.ts";
export { phi4 } from "./phi4.ts";
export { phi4Ring } from "./transfer.ts";
