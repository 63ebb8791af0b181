import type { Space } from "../data/space.ts";
import type { SymmetryName } from "../data/symmetry.ts";
import { AnsatzError, usageError } from "../error.ts";
import { alternatives } from "../nearest.ts";
import type { Target } from "../systems/system.ts";
import { type FlowMatchingModel, flowMatching } from "./approximate/diffusion/flow-matching.ts";
import type { FlowMatchingOptions } from "./approximate/diffusion/options.ts";
import {
  type AutoencoderModel,
  type AutoencoderOptions,
  autoencoder,
} from "./approximate/latent/autoencoder/autoencoder.ts";
import type { VaeOptions } from "./approximate/latent/vae/options.ts";
import { type VaeModel, vae } from "./approximate/latent/vae/vae.ts";
import type { VqVaeOptions } from "./approximate/latent/vq-vae/options.ts";
import { type VqVaeModel, vqVae } from "./approximate/latent/vq-vae/vq-vae.ts";
import { type EnergyOptions, energy, type NeuralEnergyParameters } from "./approximate/neural/energy.ts";
import {
  boltzmann,
  type PairwiseOptions,
  type PairwiseParameters,
  potts,
} from "./approximate/pairwise/pairwise.ts";
import { type CrbmOptions, type CrbmParameters, crbm } from "./approximate/rbm/crbm.ts";
import { type RbmOptions, type RbmParameters, rbm } from "./approximate/rbm/rbm.ts";
import type { Domain, EnergyModel, ExactModel, Family, Model } from "./contract.ts";
import type { DensityParameters } from "./exact/density/born.ts";
import { type DensityOptions, density } from "./exact/density/density.ts";
import type { FlowModel } from "./exact/flows/flow.ts";
import { type GaugeFlowOptions, gaugeFlow } from "./exact/flows/gauge/gauge-flow.ts";
import { type GlowOptions, glow } from "./exact/flows/glow.ts";
import { type LatticeFlowOptions, latticeFlow } from "./exact/flows/lattice/lattice-flow.ts";
import { type MafOptions, maf } from "./exact/flows/maf.ts";
import { type RealnvpOptions, realnvp } from "./exact/flows/realnvp.ts";
import { type SplineOptions, spline } from "./exact/flows/spline.ts";
import { type MadeOptions, made } from "./exact/made/made.ts";
import type { MadeParameters } from "./exact/made/network.ts";
import { type NadeOptions, nade } from "./exact/nade/nade.ts";
import type { NadeParameters } from "./exact/nade/network.ts";
import type { PixelcnnParameters } from "./exact/pixelcnn/parameters.ts";
import { type PixelcnnOptions, pixelcnn } from "./exact/pixelcnn/pixelcnn.ts";
import type { RnnParameters } from "./exact/rnn/parameters.ts";
import { type RnnOptions, rnn } from "./exact/rnn/rnn.ts";
import type { TransformerOptions } from "./exact/transformer/options.ts";
import type { TransformerParameters } from "./exact/transformer/parameters.ts";
import { transformer } from "./exact/transformer/transformer.ts";
import type { WaveParameters } from "./exact/wave/network-state.ts";
import { type RbmPurifiedOptions, rbmPurified } from "./exact/wave/rbm-purified.ts";
import { type RbmWaveOptions, rbmWave } from "./exact/wave/rbm-wave.ts";
import { type PurifiedOptions, purified, type WaveOptions, wave } from "./exact/wave/wave.ts";
import { checkHyperparameters } from "./hyperparameters.ts";
import { type GanModel, gan } from "./implicit/gan/gan.ts";
import type { GanOptions } from "./implicit/gan/options.ts";
import { allowedCount, type mostParameters } from "./size.ts";

/**
 * Families by name: the model that each makes, and its options. A program adds its own by declaration merging
 * (`declare module "ansatz/models" { interface Families { … } }`) and by {@link register}.
 */
export interface Families {
  /** Masked autoregressive network (MADE) over bits or states; see {@link made}. */
  made: { model: ExactModel<MadeParameters>; options: MadeOptions };
  /** Neural autoregressive distribution estimator (NADE) over bits or states; see {@link nade}. */
  nade: { model: ExactModel<NadeParameters>; options: NadeOptions };
  /** Gated masked convolutions over the sites of a lattice or an image; see {@link pixelcnn}. */
  pixelcnn: { model: ExactModel<PixelcnnParameters>; options: PixelcnnOptions };
  /** Recurrent network along the sites, also two-dimensional; see {@link rnn}. */
  rnn: { model: ExactModel<RnnParameters>; options: RnnOptions };
  /** Transformer with causal attention over the sites; see {@link transformer}. */
  transformer: { model: ExactModel<TransformerParameters>; options: TransformerOptions };
  /** Flow of affine couplings over real numbers; see {@link realnvp}. */
  realnvp: { model: FlowModel; options: RealnvpOptions };
  /** Flow of rational-quadratic splines over real numbers or angles; see {@link spline}. */
  spline: { model: FlowModel; options: SplineOptions };
  /** Masked autoregressive flow over real numbers; see {@link maf}. */
  maf: { model: FlowModel; options: MafOptions };
  /** Multi-scale flow of images with invertible 1 × 1 convolutions; see {@link glow}. */
  glow: { model: FlowModel; options: GlowOptions };
  /** Flow of fields on a lattice that keeps the lattice's symmetries; see {@link latticeFlow}. */
  "lattice-flow": { model: FlowModel; options: LatticeFlowOptions };
  /** Gauge-equivariant flow of link angles; see {@link gaugeFlow}. */
  "gauge-flow": { model: FlowModel; options: GaugeFlowOptions };
  /** Density matrix of measured qubits; see {@link density}. */
  density: { model: ExactModel<DensityParameters>; options: DensityOptions };
  /** Wave function of measured qubits by networks; see {@link wave}. */
  wave: { model: ExactModel<WaveParameters>; options: WaveOptions };
  /** Wave function of measured qubits by two Boltzmann machines; see {@link rbmWave}. */
  "rbm-wave": { model: ExactModel<WaveParameters>; options: RbmWaveOptions };
  /** Mixed state of measured qubits by networks; see {@link purified}. */
  purified: { model: ExactModel<WaveParameters>; options: PurifiedOptions };
  /** Mixed state of measured qubits by two Boltzmann machines; see {@link rbmPurified}. */
  "rbm-purified": { model: ExactModel<WaveParameters>; options: RbmPurifiedOptions };
  /** Restricted Boltzmann machine; see {@link rbm}. */
  rbm: { model: EnergyModel<RbmParameters>; options: RbmOptions };
  /** Convolutional restricted Boltzmann machine of a lattice; see {@link crbm}. */
  crbm: { model: EnergyModel<CrbmParameters>; options: CrbmOptions };
  /** Boltzmann machine of bits without hidden units; see {@link boltzmann}. */
  boltzmann: { model: EnergyModel<PairwiseParameters>; options: PairwiseOptions };
  /** Pairwise model of categorical sites; see {@link potts}. */
  potts: { model: EnergyModel<PairwiseParameters>; options: PairwiseOptions };
  /** Energy by a neural network; see {@link energy}. */
  energy: { model: EnergyModel<NeuralEnergyParameters>; options: EnergyOptions };
  /** Autoencoder, a code without a distribution; see {@link autoencoder}. */
  autoencoder: { model: AutoencoderModel; options: AutoencoderOptions };
  /** Variational autoencoder; see {@link vae}. */
  vae: { model: VaeModel; options: VaeOptions };
  /** Autoencoder with codes of whole numbers and a distribution over them; see {@link vqVae}. */
  "vq-vae": { model: VqVaeModel; options: VqVaeOptions };
  /** Flow matching and diffusion, with the exact Gaussian first; see {@link flowMatching}. */
  "flow-matching": { model: FlowMatchingModel; options: FlowMatchingOptions };
  /** Generative adversarial network, samples alone; see {@link gan}. */
  gan: { model: GanModel; options: GanOptions };
}

const known = new Map<string, Family>(
  [
    // Products of conditionals.
    ...[made, nade, pixelcnn, rnn, transformer],
    // Normalising flows.
    ...[realnvp, spline, maf, glow, latticeFlow, gaugeFlow],
    // Quantum states.
    ...[density, wave, rbmWave, purified, rbmPurified],
    // Energy models.
    ...[rbm, crbm, boltzmann, potts, energy],
    // Latent variables.
    ...[autoencoder, vae, vqVae],
    // Flows in time.
    flowMatching,
    // Samples alone.
    gan,
  ].map((family) => [family.name, family as unknown as Family]),
);

/** Every family, by name. */
export const families: ReadonlyMap<string, Family> = known;

/**
 * Adds a program's own family: `createModel`, fits, run folders and commands in this process then know it by its name. Throws
 * AnsatzError (usage) for a name that is taken by another.
 */
export function register<M extends Model>(family: Family<M>): void {
  const own = family as unknown as Family;
  const before = known.get(family.name);
  if (before && before !== own)
    throw usageError(`the name '${family.name}' is taken by a model family; choose another`);
  known.set(family.name, own);
}

/** The family of a name; throws a usage error that suggests the nearest for an unknown one. */
export function familyNamed(name: string): Family {
  const family = families.get(name);
  if (family) return family;
  throw usageError(`there is no model family '${name}'${alternatives(name, [...families.keys()])}`);
}

/**
 * Hyperparameters of a family, checked and with defaults filled in: what `createModel` and sizes of models take without parsing
 * them again. Throws a usage error that names an unknown hyperparameter and suggests the nearest.
 */
export function hyperparametersOf(name: string, given: unknown): Readonly<Record<string, unknown>> {
  return checkHyperparameters(name, familyNamed(name).schema, given);
}

/**
 * Hyperparameters of a record, checked likewise: those that did not exist when it was written have the values that the family then
 * had.
 */
export function recordedHyperparameters(name: string, recorded: object): Readonly<Record<string, unknown>> {
  return hyperparametersOf(name, { ...familyNamed(name).earlier, ...recorded });
}

/** A domain, or a space that nothing is conditioned on, as a domain. */
const domainOf = (domain: Space | Domain): Domain => ("space" in domain ? domain : { space: domain });

/** A model of a name that is known when the program runs, or of a family that {@link Families} does not list; see below. */
export function createModel<N extends string>(
  name: N extends keyof Families ? never : N,
  domain: Space | Domain,
  options?: Readonly<Record<string, unknown>>,
): Model;
/**
 * A model by its family's name, of a space or a domain, with hyperparameters checked against the family's schema. Throws a usage
 * error that names an unknown hyperparameter and suggests the nearest (of a family of {@link Families} it does not compile), and
 * for a model of more than {@link mostParameters} parameters, before any of them is made.
 */
export function createModel<N extends keyof Families>(
  name: N,
  domain: Space | Domain,
  options?: Families[N]["options"],
): Families[N]["model"];
export function createModel(name: string, domain: Space | Domain, options: object = {}): Model {
  const family = familyNamed(name);
  const hyperparameters = hyperparametersOf(name, options);
  allowedCount(family, domainOf(domain), hyperparameters);
  return family.create(domainOf(domain), hyperparameters);
}

/** Whether a family models a domain with its default hyperparameters; only what it refuses by a line counts as no. */
export function modelsDomain(name: string, domain: Domain): boolean {
  try {
    createModel(name, domain);
    return true;
  } catch (error) {
    if (error instanceof AnsatzError) return false;
    throw error;
  }
}

/** Families that suit learning from an energy, in order of preference. */
export const solvers: readonly string[] = [made, latticeFlow, gaugeFlow, spline].map(({ name }) => name);

/**
 * Returns the default family to solve a domain with: the first of {@link solvers} that models it. If none
 * does, returns the last one, and creating that model then throws the reason.
 */
export function solvingFamily(domain: Domain): string {
  return solvers.find((name) => modelsDomain(name, domain)) ?? (solvers.at(-1) as string);
}

/**
 * Returns the hyperparameters that a fit to rows with `symmetries` starts from, if they differ from the
 * defaults: the global flip (`z2`) if the rows have it and the family offers it.
 */
export function fittingDefaults(
  name: string,
  symmetries: readonly SymmetryName[],
): Readonly<Record<string, unknown>> {
  return symmetries.includes("flip") && "z2" in familyNamed(name).schema.shape ? { z2: true } : {};
}

/**
 * Returns the hyperparameters that a solve of `target` starts from, if they differ from the defaults: the
 * family's own choice, and the global flip (`z2`) if the energy has it and the family offers it.
 */
export function solvingDefaults(name: string, target: Target): Readonly<Record<string, unknown>> {
  const { solving } = familyNamed(name);
  const { space, symmetries = [] } = target;
  return { ...fittingDefaults(name, symmetries), ...solving?.(space, symmetries) };
}
