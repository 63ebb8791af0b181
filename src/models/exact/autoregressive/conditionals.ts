import type { Key } from "../../../random/key.ts";
import type { Tensor } from "../../../tensor/index.ts";
import type { SymbolicKey } from "../../../tensor/ops/random.ts";
import type { Tree } from "../../../tensor/tree.ts";
import type { Domain, ModelBase, Parameters, ShallowDraws, Symbolic } from "../../contract.ts";
import type { Head } from "./head.ts";

/** One order in which sites are visited, inside a graph. */
export interface Order {
  /** `[sites]` i32: the site at each position. */
  readonly sites: Tensor;
  /** `[sites]` i32: the position of each site. */
  readonly positions: Tensor;
  /** Number of the trained order, for networks with masks that depend on it; 0 for a caller's own order. */
  readonly member: number;
}

/** Tensors with a common first axis: `[batch, ...]` for a state, `[sites, ...]` for what the steps of a walk bring. */
export type Tensors = Tree<Tensor>;

/**
 * The conditionals of one batch of configurations, evaluated site by site in an order: what samplers, completions
 * and constraints are made of. Functions of tensors, traced inside a loop. A state's leaf that a function returns as
 * it was given costs nothing.
 */
export interface Walk<S = Tensors, X = Tensors> {
  /** State before the first site; every leaf is `[batch, ...]`. */
  readonly start: S;
  /** What each position brings along; every leaf is `[sites, ...]`, in the order of the walk. */
  readonly steps: X;
  /** The state at this position before its outputs are asked for, where reaching it takes work. */
  arrive?(state: S, step: X): S;
  /** The outputs of the site at this position, `[batch, outputs]`, given all before it. */
  outputs(state: S, step: X): Tensor;
  /** The state once that site has taken `value: [batch]` (real for binary sites, `i32` for categorical ones). */
  advance(state: S, step: X, value: Tensor): S;
  /** Work done once before each line of `length` consecutive positions, such as a row of a lattice. */
  readonly line?: { readonly length: number; enter(state: S): S; readonly memory?: LineMemory<S> };
  /**
   * Work done before each stretch of `length` consecutive positions except the first. Every stretch (the last
   * may be shorter) is a separate loop, so that the state may change its shape from one to the next, as a
   * growing cache does. Excludes `line`.
   */
  readonly stretch?: { readonly length: number; enter(state: S): S };
}

/** What the sites of a line leave to the line after it; each step is then given it as its property `above`. */
export interface LineMemory<S = Tensors> {
  /** What the first line finds; every leaf is `[length, batch, ...]`. */
  readonly start: Tensors;
  /** What a site leaves to the next line, `[batch, ...]` per leaf, from the state that follows it. */
  leave(state: S): Tensors;
  /**
   * Further inputs of each position of a line, from what the line before left: `[length, batch, ...]` both.
   */
  above(left: Tensors): Tensors;
}

/**
 * The conditionals of an autoregressive family, P(x) = Π P(x_i | sites before i). `autoregressive()` derives
 * log-probabilities, samplers, completions, symmetries and constraints from them.
 *
 * `outputs` of a site are the numbers from which the head makes its distribution: for the usual head,
 * {@link Head logits}, one number for a binary site and one per state for a categorical site.
 */
export interface Conditionals<P extends Parameters = Parameters> extends Domain {
  readonly family: string;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  /** Sites by position, for every order that probabilities are averaged over; at least one. */
  readonly orders: readonly Uint32Array[];
  /** Whether the network was trained on random orders, so that it may be asked in any. */
  readonly anyOrder: boolean;
  readonly head: Head<P>;
  init(key: Key): P;
  /**
   * Outputs of every site given the sites before it in `order`, `[batch, sites, outputs]`, for `x: [batch, sites]` (both
   * as the sites lie, not by position) and `context: [batch, contextFeatures]`, as networks read it. A training step gives a key for what is
   * random in it, such as dropout.
   */
  outputs(p: Symbolic<P>, x: Tensor, order: Order, context?: Tensor, noise?: SymbolicKey): Tensor;
  /** Visits the sites of `batch` configurations (a symbolic size) in `order`. */
  walk(p: Symbolic<P>, order: Order, batch: number, context?: Tensor): Walk;
  /** Where one hidden layer makes the logits of bits: the walk in the first order as numbers that a kernel takes. */
  readonly shallow?: Omit<ShallowDraws<P>, "order" | "fold" | "finish">;
  /**
   * What training minimises if it is not the mean of −log P: a bound, or an estimate over random orders, in
   * nats per row; `x: [batch, sites]`.
   */
  loss?(p: Symbolic<P>, x: Tensor, key: SymbolicKey, context?: Tensor): Tensor;
  /**
   * An estimate for each row, `[batch]`. Training minimises its mean, and validation reports it too, since
   * log P itself costs far more; see `ModelBase`.
   */
  estimate?(p: Symbolic<P>, x: Tensor, key: SymbolicKey, context?: Tensor): Tensor;
  readonly masks?: Readonly<Record<string, Float32Array>>;
  decays?(path: string): boolean;
  /** See `ModelBase.fitOptions`. */
  readonly fitOptions?: ModelBase["fitOptions"];
  /** Paths of row-sparse parameters; see `ModelBase`. `loss` must then be given, and use them by `gather` alone. */
  readonly sparse?: readonly string[];
}
