export type { FitEvent } from "./events.ts";
export { finish } from "./finish.ts";
export { type FitHooks, fit } from "./fit.ts";
export { type FitOptions, type FitSettings, fitOptionsSchema } from "./options.ts";
export { fitSettings } from "./settings.ts";
