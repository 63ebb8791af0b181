export {
  type BracketedNll,
  type FitEvent,
  isInNats,
  type Quantity,
  type SolveEvent,
  type SolveMeasurement,
} from "./events.ts";
export { finish } from "./finish.ts";
export { type FitHooks, fit } from "./fit.ts";
export { type FitOptions, type FitSettings, fitOptionsSchema } from "./options.ts";
export { fitSettings, solveSettings } from "./settings.ts";
export { type SolveHooks, solve } from "./solve.ts";
export { solveDefaults } from "./solve-defaults.ts";
export { type SolveOptions, type SolveSettings, solveOptionsSchema } from "./solve-options.ts";
