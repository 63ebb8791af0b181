/**
 * Scores, observables, free energies and Metropolis chains of fitted models.
 *
 * @module ansatz/evaluate
 */

export { rowMean } from "../stats/row-mean.ts";
export {
  type AgainstContextOptions,
  type AtContext,
  againstContext,
  type ContextCurve,
} from "./against-context.ts";
export { type ChainDiagnostics, type ChainRows, chainDiagnostics } from "./chain-diagnostics.ts";
export { type ColumnCorrelation, columnCorrelations } from "./column-correlations.ts";
export { type ComparedModel, compareModels } from "./compare.ts";
export { type EnergyDistanceOptions, energyDistance } from "./energy-distance.ts";
export { type FilledRows, type FillOptions, fill } from "./fill.ts";
export type { FlowTimeScore } from "./flow-time-score.ts";
export {
  type FreeEnergy,
  type FreeEnergyOptions,
  freeEnergy,
  freeEnergyOf,
  type Weighted,
  weightedSamples,
} from "./free-energy.ts";
export {
  breakEven,
  type Generation,
  type GenerationCost,
  type GenerationCostOptions,
  type GenerationOptions,
  generationCost,
  modelGeneration,
  proposalsChained,
  simulationGeneration,
} from "./generation.ts";
export { knownSpectrum } from "./known-spectrum.ts";
export type { AnnealedData, AnnealedOwn, AnnealedScore } from "./latent/annealed-score.ts";
export type { EncoderScore } from "./latent/encoder-score.ts";
export { type FillLatentOptions, fillLatent } from "./latent/fill-latent.ts";
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
export { partMean, type RowDependence } from "./part-mean.ts";
export {
  gridPoints,
  isPlane,
  modelDensity,
  type PlaneGrid,
  planeGrid,
  rowDensity,
  systemDensity,
} from "./plane.ts";
export { distance, type Points, pointEncoder } from "./points.ts";
export {
  halved,
  type JointGroups,
  paired,
  type RowGroups,
  rowGroups,
  singleRows,
  together,
} from "./row-groups.ts";
export { defaultPart, floats, type Part, type PartRows, partRows } from "./rows.ts";
export { type Score, type ScoreOf, type ScoreOptions, score } from "./score.ts";
export { type BoundedScore, type BoundedScoreOptions, scoreBounded } from "./score-bounded.ts";
export {
  type EnergyScore,
  type EnergyScoreOptions,
  type LogZ,
  scoreEnergy,
} from "./score-energy.ts";
export { type ExactScore, type ExactScoreOptions, scoreExact } from "./score-exact.ts";
export { type ImplicitScore, type ImplicitScoreOptions, scoreImplicit } from "./score-implicit.ts";
export { siteTwoPoint } from "./site-correlation.ts";
export { type RowsOfSites, type SiteLattice, siteLattice } from "./site-lattice.ts";
export { siteObservables } from "./site-observables.ts";
export { siteStatistics } from "./site-statistics.ts";
export { type SpectrumPoint, spectrum } from "./spectrum.ts";
export { rowStatistic, weightedStatistic } from "./statistic.ts";
export * from "./tomography/index.ts";
export {
  type BaselineName,
  baselineNames,
  type CandidateJudgement,
  type Duplicates,
  drawBaseline,
  type FeatureGroup,
  type FeatureTable,
  type Hotelling,
  hotelling,
  type Judgement,
  type JudgeOptions,
  type JudgeRequest,
  judge,
  type NearestNeighbours,
  type Parents,
  type RowFeatureOptions,
  type RowFeatures,
  type RowSet,
  rowFeatures,
  rowsByParent,
  type TestGroups,
  type TestResult,
  testGroups,
} from "./two-sample/index.ts";
export type { NoisyTarget } from "./white-noise.ts";
