export { AnnealProgram } from "./anneal.ts";
export { bracketLogZ } from "./bracket.ts";
export type { BracketOptions, LogZBracket, LogZSide } from "./bracketing.ts";
export { type ExactOptions, exactLogZ, exactRows, mostTerms, termsOf } from "./exact.ts";
export { adaptedTemperatures, evenTemperatures } from "./schedule.ts";
