export { fluxQuantum, plaquetteAngles, plaquetteTensor, u1Action, u1EnergyTensor } from "./action.ts";
export { exactU1, type U1Exact } from "./exact.ts";
export { type U1Parameters, u1 } from "./u1.ts";
