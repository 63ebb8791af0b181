import type { DType, NDArray } from "../../array.ts";
import type { Space } from "../../data/space.ts";
import type { Key } from "../../random/key.ts";
import type { ComplexMatrix } from "../../stats/hermitian-eigen.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Coding } from "./coding.ts";
import type { Monitor, Objective, ObjectiveRequest } from "./objective.ts";
import type { Parameters, Symbolic } from "./parameters.ts";
import type { StateVector } from "./state-vector.ts";

/** What a model is a distribution over, and what it may be conditioned on. */
export interface Domain {
  /** What one row is: the kind of its sites and their shape. */
  readonly space: Space;
  /**
   * What each row is conditioned on; left out of a model that is not conditional. Values are those that rows of a dataset of
   * this space have, and every function of a model is given them as real numbers, `[batch, n]`, one a site. Networks read
   * numbers and bits as they are, angles as cosines and sines, states and symbols one-hot (`contextReader`).
   */
  readonly context?: Space | undefined;
}

/**
 * A second model, of the codes of a first one: the distribution that codes are drawn from when the first samples. A capability,
 * found at `prior` of a model that has `coding`. A fit trains the first model without it, encodes the rows once, and then fits
 * the second to their codes by its own objective.
 */
export interface CodePrior<M extends ModelBase = ModelBase> {
  /** The second model, with an exact likelihood, of the space `coding.codes`. */
  readonly model: M & { readonly kind: "exact" };
  /** Where its parameters lie in those of the first: the name of one entry of the tree, such as `prior`. */
  readonly path: string;
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
  /** Why a context of `context: [rows, n]` cannot be modelled, naming the first; undefined where all can. Left out where every one can. */
  refusesContext?(context: NDArray): string | undefined;
  /**
   * Why a fit to the rows `rows` of `x` cannot go well, whatever the options, by what those rows are together: columns
   * that never vary; `columns` are their names, if they have any. Undefined where nothing is amiss.
   */
  refusesTraining?(x: NDArray, rows: Uint32Array, columns?: readonly string[]): string | undefined;
  /**
   * What in the rows `rows` of `x` makes a fit to them say less than it seems to, a line each, naming columns (by `columns`, if
   * they have names); a fit goes on all the same.
   */
  doubtsTraining?(x: NDArray, rows: Uint32Array, columns?: readonly string[]): readonly string[];
  /** True for parameters that weight decay acts on; biases and gains are spared. */
  decays?(path: string): boolean;
  /**
   * Parameters that suit the data, from one large batch of training rows, before the first step: the scale of real columns,
   * the frequencies of bits. Left out where fresh parameters do as well.
   */
  adapt?(parameters: Symbolic<P>, x: Tensor, context?: Tensor): Symbolic<P>;
  /** Options of a fit to so many rows that suit the model, where training ends by itself and they are not given. */
  fitOptions?(rows: number): {
    readonly batch?: number;
    readonly lr?: number;
    readonly warmup?: number;
    readonly epochs?: number;
    readonly average?: number;
  };
  /**
   * Paths of row-sparse parameters `[rows, ...]`, such as embeddings of a large vocabulary: the loss uses them by `gather`
   * along the first axis alone, outside loops, so that their gradient is the rows a batch names. Training then keeps no
   * dense gradient and updates those rows only: weight decay, momentum and running averages of a row act when it is
   * named (lazy Adam). They have no masks.
   */
  readonly sparse?: readonly string[];
  /** What the model is trained by, where it is not what its kind is trained by. */
  objective?(request: ObjectiveRequest): Objective<P>;
  /** What a training is watched by, where it is not what its kind is watched by. */
  readonly monitor?: Monitor<P> | undefined;
  /** Rows that one run of a graph takes at most, where more would hold gigabytes between its layers. */
  readonly rowsAtOnce?: number | undefined;
  /** Codes of rows, where the model has them. */
  readonly coding?: Coding<P> | undefined;
  /** A model of the codes, fitted to them in a second course, where they have a distribution of their own. */
  readonly prior?: CodePrior | undefined;
  /** The density matrix of parameters, where the model has one: rows and columns in the order of outcomes, qubit 0 the most significant. */
  densityMatrix?(parameters: P): ComplexMatrix;
  /** The quantum state that the model is of, where it is of one. */
  readonly stateVector?: StateVector<P> | undefined;
}

/** The element type configurations of a space have inside a model of real type `real`. */
export function inputType(space: Space, real: "f32" | "f64" = "f32"): DType {
  return space.kind === "categorical" || space.kind === "sequence" ? "i32" : real;
}
