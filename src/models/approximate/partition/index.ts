export { type Annealing, AnnealProgram } from "./anneal.ts";
export { type BracketOptions, bracketLogZ, type LogZBracket, type LogZSide } from "./bracket.ts";
export { type ExactOptions, exactLogZ, exactRows, mostTerms, termsOf } from "./exact.ts";
export { adaptedTemperatures, evenTemperatures } from "./schedule.ts";
