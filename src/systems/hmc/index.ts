export type { Action } from "./action.ts";
export { HmcChain, type Trajectory } from "./chain.ts";
export { kinetic, leapfrog } from "./leapfrog.ts";
export { type FieldSimulateOptions, simulateField } from "./simulate.ts";
