export { bornProbabilities } from "./born.ts";
export type { Noise } from "./noise.ts";
export { createState, isStateName, parseState, stateKinds } from "./registry.ts";
export { type MeasureRequest, measure } from "./sample.ts";
export { namedSettings, type SettingPlan } from "./settings.ts";
export { type DensityMatrix, densityOf, type PureState } from "./state.ts";
export type { StateKind } from "./states/kind.ts";
export { QubitSystem } from "./system.ts";
