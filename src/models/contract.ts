import type * as z from "zod";
import type { DType, NDArray } from "../array.ts";
import type { Space } from "../data/space.ts";
import type { SymmetryName } from "../data/symmetry.ts";
import type { ShallowActivation } from "../kernels/shallow.ts";
import type { Key } from "../random/key.ts";
import type { SymbolicKey } from "../tensor/ops/random.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { MapLeaves } from "../tensor/tree.ts";

/** A model's parameters: nested plain objects and arrays of concrete arrays. */
export type Parameters = {
  readonly [name: string]: NDArray<"f32"> | readonly (NDArray<"f32"> | Parameters)[] | Parameters;
};

/** Parameters `P` as a traced function sees them. */
export type Traced<P> = MapLeaves<P, NDArray<"f32">, Tensor>;

/** What a model is a distribution over, and what it may be conditioned on. */
export interface Domain {
  readonly space: Space;
  /** Number of real values each row is conditioned on; 0 for an unconditional model. */
  readonly contextSize: number;
}

/**
 * What every model has, whatever may be asked of it. Its functions are pure; tensors of configurations are
 * `[batch, ...sites]`, real (0 and 1) for binary spaces and `i32` for categorical ones.
 */
export interface ModelBase<P extends Parameters = Parameters> extends Domain {
  /** The family's name in the registry. */
  readonly family: string;
  /** Validated, with every default filled in; plain JSON, so that a run can record them. */
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  /** Fresh parameters; the same key gives the same bits. */
  init(key: Key): P;
  /**
   * Entries of the parameters that stay at the zero they start from: 0 there, 1 elsewhere, by the path of the
   * parameter (`layers.0.weight`); a path left out is free.
   */
  readonly masks?: Readonly<Record<string, Float32Array>>;
  /**
   * Why a row of data cannot be modelled whatever the parameters, naming the first such row of `x: [rows, ...sites]` as
   * datasets store it; undefined where every row can. Left out by models that allow every configuration.
   */
  refuses?(x: NDArray): string | undefined;
  /**
   * Why a fit to the rows `rows` of `x` cannot go well, whatever the options, by what those rows are together: columns
   * that never vary. Undefined where nothing is amiss.
   */
  refusesTraining?(x: NDArray, rows: Uint32Array): string | undefined;
  /**
   * What in the rows `rows` of `x` makes a fit to them say less than it seems to, a line each, naming columns; a fit goes on
   * all the same.
   */
  doubtsTraining?(x: NDArray, rows: Uint32Array): readonly string[];
  /** True for parameters that weight decay acts on; biases and gains are spared. */
  decays?(path: string): boolean;
  /**
   * Parameters that suit the data, from one large batch of training rows, before the first step: the scale of real columns,
   * the frequencies of bits. Left out where fresh parameters do as well.
   */
  adapt?(parameters: Traced<P>, x: Tensor, context?: Tensor): Traced<P>;
  /**
   * Paths of row-sparse parameters `[rows, ...]`, such as embeddings of a large vocabulary: the loss uses them by `gather`
   * along the first axis alone, outside loops, so that their gradient is the rows a batch names. Training then keeps no
   * dense gradient and updates those rows only: weight decay, momentum and running averages of a row act when it is
   * named (lazy Adam). They have no masks.
   */
  readonly sparse?: readonly string[];
}

/** A model that is trained by minimising one differentiable scalar. */
export interface DifferentiableModel<P extends Parameters = Parameters> extends ModelBase<P> {
  /** The scalar that training minimises over a batch, in nats a row. */
  loss(parameters: Traced<P>, x: Tensor, key: SymbolicKey, context?: Tensor): Tensor;
  /**
   * Where log P costs far more than a step of training: an estimate of −log P, or of a bound of it, for each row,
   * `[batch]` nats. `loss` is its mean, and validation reports it, with the same noise after every epoch.
   */
  estimate?(parameters: Traced<P>, x: Tensor, key: SymbolicKey, context?: Tensor): Tensor;
}

/** Configurations drawn from a model with an exact likelihood. */
export interface Draws {
  /** `[batch, ...sites]`, of the element type that `logProb` takes. */
  readonly x: Tensor;
  /** `[batch]`, nats: `logProb` of each. */
  readonly logProb: Tensor;
}

/** Exact likelihood: log P(x) is computed, and samples are independent. */
export interface ExactModel<P extends Parameters = Parameters> extends DifferentiableModel<P> {
  readonly kind: "exact";
  /** log P of each row in nats: `[batch, ...sites]` → `[batch]`. */
  logProb(parameters: Traced<P>, x: Tensor, context?: Tensor): Tensor;
  /**
   * One batch of independent samples, its size the symbolic batch (or that of the context). Where the probability is a
   * product of conditionals, their logits are divided by `temperature`, a scalar; the log-probabilities stay those of
   * the model itself.
   */
  sample(parameters: Traced<P>, key: SymbolicKey, context?: Tensor, temperature?: Tensor): Draws;
  /**
   * Where rows are grey levels as real numbers (a space with `levels`) and the noise between them is learned: of each row one
   * draw `[batch]`, nats, whose mean is a lower bound of log P of its levels. What rows hold beyond their levels does not
   * enter. Left out, the mean of log P over uniform noise is the bound.
   */
  levelBound?(parameters: Traced<P>, x: Tensor, key: SymbolicKey, context?: Tensor): Tensor;
  /** Where bits are drawn one after the other from one hidden layer, without a context. */
  readonly shallow?: ShallowDraws<P>;
  /** What may be asked besides of a probability that is a product of conditionals, one a site. */
  readonly autoregressive?: Autoregressive<P>;
  /** Where rows are a smooth invertible image of simple noise, so that they can be differentiated by the parameters. */
  readonly flow?: Flow<P>;
}

/** x = g(z) with z from a simple distribution: log P(x) = log q(z) − log |det ∂g/∂z| (a normalising flow). */
export interface Flow<P extends Parameters = Parameters> {
  /** Shape of one z. */
  readonly latentShape: readonly number[];
  /** One batch of z `[batch, ...latentShape]`, its size the symbolic batch, and log q of each `[batch]`. */
  base(parameters: Traced<P>, key: SymbolicKey): { readonly z: Tensor; readonly logProb: Tensor };
  /** z → x and log |det ∂x/∂z| `[batch]`, differentiable by the parameters. */
  forward(
    parameters: Traced<P>,
    z: Tensor,
    context?: Tensor,
  ): { readonly x: Tensor; readonly logDet: Tensor };
  /** x → z and log |det ∂z/∂x| `[batch]`. */
  inverse(
    parameters: Traced<P>,
    x: Tensor,
    context?: Tensor,
  ): { readonly z: Tensor; readonly logDet: Tensor };
}

/**
 * Conditionals of bits that one hidden layer makes, by position in the order they are drawn in; see `ShallowNetwork` of
 * the kernels for the equation.
 */
export interface ShallowLayers {
  /** `[units]`: pre-activations before the first position. */
  readonly start: Tensor;
  /** `[sites, units]`: what a 1 adds to them. */
  readonly weights: Tensor;
  /** `[sites, units]`: how the hidden units make the logit. */
  readonly columns: Tensor;
  /** `[sites]`. */
  readonly bias: Tensor;
  /** `[sites, sites]`: what a 1 adds to the logits of later positions. */
  readonly direct?: Tensor;
}

/** What a kernel draws by instead of the graph of `sample`: from the same noise the same rows, up to rounding. */
export interface ShallowDraws<P extends Parameters = Parameters> {
  /** The site at each position. */
  readonly order: Uint32Array;
  readonly activation: ShallowActivation;
  /** Degrees of the units of a masked network; see `ShallowNetwork` of the kernels. */
  readonly degrees?: Uint32Array;
  layers(parameters: Traced<P>): ShallowLayers;
  /** Numbers folded into the key of a batch for the uniforms of its sites, `[sites, batch]` by position. */
  readonly fold: number;
  /** What `sample` does to drawn rows `x: [batch, ...sites]`, where it does anything: symmetries act on them. */
  finish?(parameters: Traced<P>, x: Tensor, key: SymbolicKey): Draws;
}

/** A batch of configurations to complete. */
export interface CompletionRequest {
  /** `[batch, ...sites]`: values of the known sites, anything elsewhere. */
  readonly values: Tensor;
  /** `[batch, ...sites]`, real: 1 where a site is known, 0 where it is to be drawn. */
  readonly known: Tensor;
  /** Particles a row. */
  readonly particles: number;
  /** Which of the model's orders to visit the sites in. */
  readonly member: number;
  /** An order of the caller's own, for models that take any: `[sites]` i32 each. */
  readonly order?: { readonly sites: Tensor; readonly positions: Tensor };
  readonly context?: Tensor;
  /** Scalar that divides the logits of the sites that are drawn; weights stay those of the model itself. */
  readonly temperature?: Tensor;
}

/** Weighted completions: the particles of each row, one after the other. */
export interface Completions {
  /** `[batch · particles, ...sites]`: known sites as given. */
  readonly x: Tensor;
  /**
   * `[batch · particles]`, nats: log-weights of the particles as draws from P(unknown | known); the mean weight of a row
   * is an unbiased estimate of P(known). −∞ for what no configuration can be.
   */
  readonly logWeight: Tensor;
  /**
   * `[batch · particles]`: the least effective sample size that the row's particles had on the way, as a fraction of
   * them: what is left of their diversity where they were resampled.
   */
  readonly leastEss: Tensor;
}

/** P(x) = Π P(x_i | sites before i), averaged over one or more orders. */
export interface Autoregressive<P extends Parameters = Parameters> {
  /** Sites by position in each order. */
  readonly orders: readonly Uint32Array[];
  /** Whether any order may be asked for. */
  readonly anyOrder: boolean;
  /** Number of symmetric images that the probability is averaged over; 1 without symmetries. */
  readonly images: number;
  /**
   * log P of each site's value given the values before it in one of the orders, in nats: `[batch, ...sites]` →
   * `[batch, sites]`, as the sites lie.
   */
  siteLogProb(parameters: Traced<P>, x: Tensor, member: number, context?: Tensor): Tensor;
  /** Draws unknown sites given the known ones: exact draws where those come last, weighted particles otherwise. */
  complete(parameters: Traced<P>, key: SymbolicKey, request: CompletionRequest): Completions;
}

/** Approximate likelihood: an unnormalised log-weight, to be bracketed by estimators of log Z. */
export interface ApproximateModel<P extends EnergyParameters = EnergyParameters> extends ModelBase<P> {
  readonly kind: "approximate";
  /** log P(x) + log Z of each row in nats: `[batch, ...sites]` → `[batch]`. */
  logWeight(parameters: Traced<P>, x: Tensor): Tensor;
  /** From independent sites to the model: what chains, parallel tempering and annealed importance sampling follow. */
  readonly path: TemperedPath<P>;
  /** Where a side of the model has few enough states to be gone through: exact sums, and exact draws. */
  readonly enumeration?: Enumeration<P>;
  /** Σ_i log P(x_i | x without i) of each row, `[batch]` nats, where all sites are as cheap as one. */
  logPseudoLikelihood?(parameters: Traced<P>, x: Tensor): Tensor;
  /** How the model is trained, as its hyperparameters say. */
  readonly training: EnergyTraining;
  /**
   * The gradient as centred units have it, from that of `loss` and the two batches it was taken on, both
   * `[batch, ...sites]`: an update by it does not depend on what value of a unit is called 0 (Montavon & Müller 2012).
   */
  centred?(parameters: Traced<P>, gradient: Traced<P>, data: Tensor, chains: Tensor): Traced<P>;
}

/**
 * Parameters of a model that is sampled by chains: beside its own, the independent sites that its tempered path starts
 * from (see `approximate/reference.ts`), which are set from data by `adapt` and never trained.
 */
export type EnergyParameters = Parameters & { readonly reference: NDArray<"f32"> };

/**
 * Distributions f_t, 0 ≤ t ≤ 1, from the independent sites of `parameters.reference` to the model. f_0 is normalised and
 * drawn from exactly; f_1 = exp(logWeight). `t` is a scalar or `[batch]`. Products that `logWeight` and `sweep` share at
 * one x are computed once in one graph.
 */
export interface TemperedPath<P extends EnergyParameters = EnergyParameters> {
  /** log f_t of each row in nats, `[batch]`: at t = 0 the log-probability of independent sites, at t = 1 `logWeight`. */
  logWeight(parameters: Traced<P>, x: Tensor, t: Tensor): Tensor;
  /** Independent rows of f_0: `batch` of them, which may be the symbolic batch. */
  draw(parameters: Traced<P>, key: SymbolicKey, batch: number): Tensor;
  /**
   * One sweep of a Markov chain that leaves f_t invariant, for each row. Sites where `known` (`[batch, ...sites]`, real) is
   * 1 keep their values, and the others then follow f_t given those.
   */
  sweep(parameters: Traced<P>, x: Tensor, t: Tensor, key: SymbolicKey, known?: Tensor): Tensor;
}

/** The side of a model with the fewer states, such as the hidden units of an RBM. */
export interface Enumeration<P extends EnergyParameters = EnergyParameters> {
  /** Its units, each with `states` values: states^units terms in all. */
  readonly units: number;
  readonly states: number;
  /** log of the sum of f_1 over the other side, nats: `side: [batch, units]` i32 → `[batch]`. */
  logWeight(parameters: Traced<P>, side: Tensor): Tensor;
  /** An exact draw of the rows of each `side`, `[batch, ...sites]`. */
  draw(parameters: Traced<P>, side: Tensor, key: SymbolicKey): Tensor;
}

/** How the gradient of an energy model is estimated: ⟨∂E⟩ over the data less ⟨∂E⟩ under the model. */
export interface EnergyTraining {
  /**
   * `exact`: log Z by enumeration; `cd`: chains of `sweeps` sweeps from the data (Hinton 2002); `pcd`: chains that persist
   * from step to step (Tieleman 2008); `tempering`: persistent chains at `temperatures` points of the path, which swap;
   * `pseudo-likelihood`: each site given the others (Besag 1975); `score-matching`: ∂E/∂x of real rows (Hyvärinen 2005).
   */
  readonly method: "exact" | "cd" | "pcd" | "tempering" | "pseudo-likelihood" | "score-matching";
  /** Sweeps of a chain in each step. */
  readonly sweeps: number;
  /** Persistent chains, of each temperature. */
  readonly chains: number;
  readonly temperatures: number;
  /** Whether to train by the gradient of centred units, where the family has it. */
  readonly centred: boolean;
}

/** Implicit likelihood: samples, and nothing else may be asked. */
export interface ImplicitModel<P extends Parameters = Parameters> extends DifferentiableModel<P> {
  readonly kind: "implicit";
  sample(parameters: Traced<P>, key: SymbolicKey, context?: Tensor): { readonly x: Tensor };
}

/** A model of any kind; `kind` tells what may be asked of it. */
export type Model = ExactModel | ApproximateModel | ImplicitModel;

/** A family of models: its name, its hyperparameters, and how a model is made of them. */
export interface Family<M extends Model = Model> {
  /** Name on the command line. */
  readonly name: string;
  readonly kind: M["kind"];
  /** One line for lists. */
  readonly summary: string;
  /** Hyperparameters with defaults; its keys are what `--set` may set. */
  readonly schema: z.ZodObject;
  /**
   * About how many parameters the model of a domain has, told before anything of its size is made: no less than there
   * are, and less than twice as many. Throws AnsatzError (usage) for hyperparameters out of range.
   */
  parameterCount(domain: Domain, hyperparameters: unknown): number;
  /** Hyperparameters that suit learning from an energy with `symmetries` over `space`, where they differ from the defaults. */
  solving?(space: Space, symmetries: readonly SymmetryName[]): Readonly<Record<string, unknown>>;
  /** A model of a domain; throws AnsatzError (usage) for a space the family cannot model. */
  create(domain: Domain, hyperparameters: unknown): M;
}

/** The element type configurations of a space have inside a model of real type `real`. */
export function inputType(space: Space, real: "f32" | "f64" = "f32"): DType {
  return space.kind === "categorical" || space.kind === "sequence" ? "i32" : real;
}
