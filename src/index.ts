/**
 * What most programs need: spaces, datasets, models, fits, solves, scores, systems and studies.
 *
 * @module ansatz
 */

export { arrayFrom, type NDArray, ndarray } from "./array.ts";
export { type Dataset, type DatasetOptions, makeDataset, splitRows } from "./data/dataset.ts";
export { binary, categorical, circle, real, type Space } from "./data/space.ts";
export { AnsatzError, type ErrorCode } from "./error.ts";
export { type FreeEnergy, type FreeEnergyOptions, freeEnergy } from "./evaluate/free-energy.ts";
export { type MetropolisOptions, type MetropolisRun, metropolis } from "./evaluate/metropolis.ts";
export { type Part, type PartRows, partRows } from "./evaluate/rows.ts";
export { type Score, type ScoreOf, type ScoreOptions, score } from "./evaluate/score.ts";
export { type EnergyOptions, makeEnergy } from "./models/approximate/neural/energy.ts";
export { makeBoltzmann, makePotts, type PairwiseOptions } from "./models/approximate/pairwise/pairwise.ts";
export { type CrbmOptions, makeCrbm } from "./models/approximate/rbm/crbm.ts";
export { makeRbm, type RbmOptions } from "./models/approximate/rbm/rbm.ts";
export {
  type BoundedModel,
  type Domain,
  type EnergyModel,
  type ExactModel,
  type Family,
  type ImplicitModel,
  type Kind,
  type LikelihoodWord,
  likelihoodOf,
  type Model,
  type Parameters,
} from "./models/contract.ts";
export { type DensityOptions, makeDensity } from "./models/exact/density/density.ts";
export { type GaugeFlowOptions, makeGaugeFlow } from "./models/exact/flows/gauge/gauge-flow.ts";
export { type GlowOptions, makeGlow } from "./models/exact/flows/glow.ts";
export { type LatticeFlowOptions, makeLatticeFlow } from "./models/exact/flows/lattice/lattice-flow.ts";
export { type MafOptions, makeMaf } from "./models/exact/flows/maf.ts";
export { makeRealnvp, type RealnvpOptions } from "./models/exact/flows/realnvp.ts";
export { makeSpline, type SplineOptions } from "./models/exact/flows/spline.ts";
export { type MadeOptions, makeMade } from "./models/exact/made/made.ts";
export { makeNade, type NadeOptions } from "./models/exact/nade/nade.ts";
export { makePixelcnn, type PixelcnnOptions } from "./models/exact/pixelcnn/pixelcnn.ts";
export { makeRnn, type RnnOptions } from "./models/exact/rnn/rnn.ts";
export type { TransformerOptions } from "./models/exact/transformer/options.ts";
export { makeTransformer } from "./models/exact/transformer/transformer.ts";
export { makeRbmPurified, type RbmPurifiedOptions } from "./models/exact/wave/rbm-purified.ts";
export { makeRbmWave, type RbmWaveOptions } from "./models/exact/wave/rbm-wave.ts";
export { makePurified, makeWave, type PurifiedOptions, type WaveOptions } from "./models/exact/wave/wave.ts";
export { FittedBounded } from "./models/fitted/bounded.ts";
export { FittedEnergy } from "./models/fitted/energy.ts";
export { FittedExact } from "./models/fitted/exact.ts";
export {
  type AnyFitted,
  type ByKind,
  byKind,
  type Fitted,
  fitted,
  type ParametersOf,
} from "./models/fitted/fitted.ts";
export type { DrawOptions } from "./models/fitted/handle.ts";
export { FittedImplicit } from "./models/fitted/implicit.ts";
export { createModel, type Families, register } from "./models/registry.ts";
export { Key } from "./random/key.ts";
export type { SeedOrKey } from "./random/seed.ts";
export { page } from "./report/page.ts";
export type { Facts, NumberRow, PageContent, Provenance } from "./report/report.ts";
export type { EngineOptions } from "./runtime/engine.ts";
export { type JitOptions, jit } from "./runtime/jit.ts";
export { type Estimate, formatComparison, formatEstimate } from "./stats/estimate.ts";
export type { Range } from "./stats/range.ts";
export type { FitSubject } from "./study/fit-subject.ts";
export type { SolveSubject } from "./study/solve-subject.ts";
export type { Figure, LookOptions, Panel, PanelResult, Study } from "./study/study.ts";
export { type StudyFitOptions, studyFit } from "./study/study-fit.ts";
export { type StudySolveOptions, studySolve } from "./study/study-solve.ts";
export { createSystem, type SystemName } from "./systems/registry.ts";
export { type SimulateRequest, simulate } from "./systems/simulate.ts";
export type { Simulation, System, Target } from "./systems/system.ts";
export { type EnergyTargetOptions, energyTarget } from "./systems/target.ts";
export type { EventOf, TrainEvent } from "./train/event.ts";
export { fit } from "./train/fit.ts";
export type { TrainHooks } from "./train/hooks.ts";
export type { Measure, Measures } from "./train/measure.ts";
export type { FitOptions } from "./train/options.ts";
export { solve } from "./train/solve.ts";
export type { SolveOptions } from "./train/solve-options.ts";
export type { SolveProblem } from "./train/solve-problem.ts";
export { Training } from "./train/training.ts";
