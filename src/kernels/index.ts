export { type Arena, arena } from "./arena.ts";
export { loadKernel } from "./load.ts";
export { type OptimiserKernel, optimiserKernel } from "./optimiser.ts";
