/**
 * The contract of models, the registry, the families, and handles to fitted models.
 *
 * @module ansatz/models
 */

export type { SeedOrKey } from "../random/seed.ts";
export type { EngineOptions } from "../runtime/engine.ts";
export { ChainProgram, type ChainTrace } from "./approximate/chains.ts";
export {
  type FlowMatchingModel,
  flowMatching,
  makeFlowMatching,
} from "./approximate/diffusion/flow-matching.ts";
export type { FlowMatchingHyperparameters, FlowMatchingOptions } from "./approximate/diffusion/options.ts";
export type { FlowMatchingParameters } from "./approximate/diffusion/parts.ts";
export { logPartition, sideStates } from "./approximate/enumerate.ts";
export {
  type AutoencoderHyperparameters,
  type AutoencoderModel,
  type AutoencoderOptions,
  type AutoencoderParameters,
  autoencoder,
  makeAutoencoder,
} from "./approximate/latent/autoencoder/autoencoder.ts";
export type { VaeHyperparameters, VaeOptions } from "./approximate/latent/vae/options.ts";
export type { VaeParameters } from "./approximate/latent/vae/parts.ts";
export { makeVae, type VaeModel, vae } from "./approximate/latent/vae/vae.ts";
export type { VqVaeHyperparameters, VqVaeOptions } from "./approximate/latent/vq-vae/options.ts";
export type { VqParameters } from "./approximate/latent/vq-vae/parts.ts";
export { makeVqVae, type VqVaeModel, vqVae } from "./approximate/latent/vq-vae/vq-vae.ts";
export {
  type EnergyOptions,
  energy,
  makeEnergy,
  type NeuralEnergyParameters,
} from "./approximate/neural/energy.ts";
export {
  boltzmann,
  makeBoltzmann,
  makePotts,
  type PairwiseOptions,
  type PairwiseParameters,
  potts,
} from "./approximate/pairwise/pairwise.ts";
export {
  type BracketOptions,
  bracketLogZ,
  type ExactOptions,
  exactLogZ,
  type LogZBracket,
  type LogZSide,
  termsOf,
} from "./approximate/partition/index.ts";
export {
  type AnnealedRows,
  annealPosterior,
  drawJoint,
  drawVisible,
  type EncoderMeans,
  type EncoderOptions,
  encoderMeans,
  isLatent,
  type JointRows,
  type Lanes,
  type LatentModel,
  type PosteriorOptions,
  type RowSide,
  reconstructionErrors,
  requireLatent,
} from "./approximate/posterior/index.ts";
export { type CrbmOptions, type CrbmParameters, crbm, makeCrbm } from "./approximate/rbm/crbm.ts";
export {
  makeRbm,
  type RbmHyperparameters,
  type RbmOptions,
  type RbmParameters,
  rbm,
} from "./approximate/rbm/rbm.ts";
export { traceDecode, traceEncode } from "./coding-graphs.ts";
export * from "./contract.ts";
export type { DensityParameters } from "./exact/density/born.ts";
export {
  type DensityHyperparameters,
  type DensityOptions,
  density,
  makeDensity,
} from "./exact/density/density.ts";
export type { FlowModel, FlowParameters } from "./exact/flows/flow.ts";
export {
  type GaugeFlowHyperparameters,
  type GaugeFlowOptions,
  gaugeFlow,
  makeGaugeFlow,
} from "./exact/flows/gauge/gauge-flow.ts";
export { type GlowHyperparameters, type GlowOptions, glow, makeGlow } from "./exact/flows/glow.ts";
export {
  type LatticeFlowHyperparameters,
  type LatticeFlowOptions,
  latticeFlow,
  makeLatticeFlow,
} from "./exact/flows/lattice/lattice-flow.ts";
export { type MafHyperparameters, type MafOptions, maf, makeMaf } from "./exact/flows/maf.ts";
export {
  makeRealnvp,
  type RealnvpHyperparameters,
  type RealnvpOptions,
  realnvp,
} from "./exact/flows/realnvp.ts";
export { makeSpline, type SplineHyperparameters, type SplineOptions, spline } from "./exact/flows/spline.ts";
export { type MadeHyperparameters, type MadeOptions, made, makeMade } from "./exact/made/made.ts";
export type { MadeParameters } from "./exact/made/network.ts";
export { makeNade, type NadeHyperparameters, type NadeOptions, nade } from "./exact/nade/nade.ts";
export type { NadeParameters } from "./exact/nade/network.ts";
export type { PixelcnnParameters } from "./exact/pixelcnn/parameters.ts";
export {
  makePixelcnn,
  type PixelcnnHyperparameters,
  type PixelcnnOptions,
  pixelcnn,
} from "./exact/pixelcnn/pixelcnn.ts";
export type { RnnParameters } from "./exact/rnn/parameters.ts";
export { makeRnn, type RnnHyperparameters, type RnnOptions, rnn } from "./exact/rnn/rnn.ts";
export type { TransformerHyperparameters, TransformerOptions } from "./exact/transformer/options.ts";
export type { TransformerParameters } from "./exact/transformer/parameters.ts";
export { makeTransformer, transformer } from "./exact/transformer/transformer.ts";
export type { WaveParameters } from "./exact/wave/network-state.ts";
export {
  makeRbmPurified,
  type RbmPurifiedHyperparameters,
  type RbmPurifiedOptions,
  rbmPurified,
} from "./exact/wave/rbm-purified.ts";
export {
  makeRbmWave,
  type RbmWaveHyperparameters,
  type RbmWaveOptions,
  rbmWave,
} from "./exact/wave/rbm-wave.ts";
export {
  makePurified,
  makeWave,
  type PurifiedHyperparameters,
  type PurifiedOptions,
  purified,
  type WaveHyperparameters,
  type WaveOptions,
  wave,
} from "./exact/wave/wave.ts";
export { type BoundAfter, type BoundOptions, FittedBounded } from "./fitted/bounded.ts";
export type { Coded, CodeOptions, Coder } from "./fitted/coder.ts";
export type { CompleteOptions, WeightedCompletions } from "./fitted/completer.ts";
export type { RowBounds } from "./fitted/draw-means.ts";
export {
  type ChainOptions,
  type ChainSamples,
  FittedEnergy,
} from "./fitted/energy.ts";
export { FittedExact, type SampleOptions } from "./fitted/exact.ts";
export {
  type AnyFitted,
  type ByKind,
  byKind,
  type Fitted,
  fitted,
  type ParametersOf,
} from "./fitted/fitted.ts";
export { type FlowLogProbOptions, flowAsExact, flowLogProb } from "./fitted/flow-log-prob.ts";
export type { DrawOptions } from "./fitted/handle.ts";
export { FittedImplicit } from "./fitted/implicit.ts";
export { traceBound, traceDraws, traceLogProb, traceLogWeight, traceSampler } from "./graphs.ts";
export { type GanModel, gan, makeGan } from "./implicit/gan/gan.ts";
export type { GanHyperparameters, GanOptions } from "./implicit/gan/options.ts";
export type { GanParameters } from "./implicit/gan/parts.ts";
export { type LatentGridOptions, latentGrid } from "./latent-grid.ts";
export { parameterCount } from "./parameter-count.ts";
export {
  createModel,
  type Families,
  families,
  familyNamed,
  fittingDefaults,
  hyperparametersOf,
  modelsDomain,
  recordedHyperparameters,
  register,
  solvers,
  solvingDefaults,
  solvingFamily,
} from "./registry.ts";
