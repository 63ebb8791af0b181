export { type ChainDiagnostics, type ChainRows, chainDiagnostics } from "./chain-diagnostics.ts";
export { type ComparedModel, compareModels } from "./compare.ts";
export { type Filled, type FillOptions, fill } from "./fill.ts";
export {
  type FreeEnergy,
  type FreeEnergyOptions,
  freeEnergy,
  freeEnergyOf,
  type Weighted,
  weightedSamples,
} from "./free-energy.ts";
export {
  type ChainObservable,
  type MetropolisOptions,
  type MetropolisRun,
  metropolis,
} from "./metropolis.ts";
export type { Observable } from "./observable.ts";
export {
  type CompareOptions,
  compareObservables,
  exactMean,
  type ObservableComparison,
  type ObservableReference,
  type TwoPoint,
  twoPoint,
} from "./observables.ts";
export {
  gridPoints,
  isPlane,
  modelDensity,
  type PlaneGrid,
  planeGrid,
  rowDensity,
  systemDensity,
} from "./plane.ts";
export { defaultPart, floats, type Part, type PartRows, partRows, rowMean } from "./rows.ts";
export { type ExactScore, type ScoreOptions, score } from "./score.ts";
export {
  type ApproximateScore,
  type ApproximateScoreOptions,
  type LogZ,
  scoreApproximate,
} from "./score-approximate.ts";
export { siteObservables } from "./site-observables.ts";
export { rowStatistic, weightedStatistic } from "./statistic.ts";
