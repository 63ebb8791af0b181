import type { NDArray } from "../../array.ts";
import type { Dataset } from "../../data/dataset.ts";
import type { Optimiser } from "../../optim/optimiser.ts";
import type { Key } from "../../random/key.ts";
import type { SymbolicKey } from "../../tensor/ops/random.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Parameters, Symbolic } from "./parameters.ts";

/**
 * State by name that training keeps from step to step and in its checkpoint, in addition to parameters; not
 * trained by gradients.
 */
export type Stored = Readonly<Record<string, NDArray<"f32" | "f64" | "i32">>>;

/** {@link Stored} inside a graph. */
export type State = Readonly<Record<string, Tensor>>;

/** Input of one update of a player, inside its graph. */
export interface Batch<P extends Parameters = Parameters> {
  /** All parameters of the model, including those of other players. */
  readonly parameters: Symbolic<P>;
  /** `[batch, ...sites]`; `[0]` in a course without a source. */
  readonly x: Tensor;
  /** `[batch, n]`: what each row is conditioned on, if the model has a context. */
  readonly context?: Tensor | undefined;
  /** `[batch]`: the action βE of each row, if the course's source has it. */
  readonly action?: Tensor | undefined;
  /** Source of the noise of this update, fresh in each. */
  readonly key: SymbolicKey;
  /** The state of the objective before this update, by name. */
  readonly state: State;
  /** Scalars of this step, such as an annealing temperature, a noise level or the weight of a KL term. */
  readonly knobs: Readonly<Record<string, Tensor>>;
  /** Which graph the step takes, for a player that has a {@link GradientPlayer.variant}. */
  readonly variant?: string | undefined;
}

/** Result of the loss of a player, inside its graph. */
export interface LossResult {
  /** The scalar to minimise. */
  readonly loss: Tensor;
  /** Further scalars for events: reconstruction, KL, commitment. */
  readonly parts?: Readonly<Record<string, Tensor>> | undefined;
  /** Numbers of each row, for whoever watches the course: energies, log q. */
  readonly seen?: Readonly<Record<string, Tensor>> | undefined;
  /** The next state, if the loss changes it; omitted entries keep their values. */
  readonly state?: State | undefined;
}

/**
 * The earlier name of {@link LossResult}.
 *
 * @deprecated
 */
export type Step = LossResult;

/** Parameters that follow the gradient of one loss: all of most models; a generator, or a critic. */
export interface GradientPlayer<P extends Parameters = Parameters> {
  /** The name of its loss in events, such as `NLL`, `contrast` or `critic`. */
  readonly name: string;
  /** "nats" if the loss is in nats per row; undefined for other numbers. */
  readonly unit?: "nats" | undefined;
  /** Whether the player owns the parameter at a path (default: all). No parameter has two owners. */
  owns?(path: string): boolean;
  /** How its parameters are updated: one rule, or one for each path. */
  readonly optimiser: Optimiser | ((path: string) => Optimiser);
  /**
   * Updates in each step, each with its own batch and noise (default 1). A lone player without `updates`
   * draws the noise of the step itself, and so other noise than with `updates: 1`.
   */
  readonly updates?: number | undefined;
  /** Outside the derivative: moves chains, draws fakes; `rows` are what the loss compares the data with. */
  prepare?(batch: Batch<P>): { readonly state: State; readonly rows?: Tensor | undefined };
  /** The loss of a batch; `rows` are those that `prepare` returned. Called to be traced, once for each variant. */
  loss(batch: Batch<P>, rows?: Tensor): LossResult;
  /** Replaces the gradient to follow, for example by that of centred units, which needs both sets of rows. */
  redirect?(batch: Batch<P>, gradient: Symbolic<P>, rows?: Tensor): Symbolic<P>;
  /**
   * Names which of several graphs a step takes, for example with a lazy penalty or without; steps run
   * together share one. The batch that `prepare`, `loss` and `redirect` are traced with has the name.
   */
  variant?(step: number): string;
}

/**
 * A player that is not updated by a gradient: expectation maximisation, a step of a density matrix. On the
 * host, in place.
 */
export interface ClosedPlayer<P extends Parameters = Parameters> {
  /** The name of its loss in events. */
  readonly name: string;
  /** "nats" if the loss is in nats per row; undefined for other numbers. */
  readonly unit?: "nats" | undefined;
  /** One update of `parameters` and `state` in place; returns the loss before it. */
  update(at: {
    readonly step: number;
    readonly parameters: P;
    readonly state: Stored;
  }): Promise<ClosedUpdate>;
}

/** Result of an update of a {@link ClosedPlayer}. */
export interface ClosedUpdate {
  /** The loss before the update. */
  readonly loss: number;
  /** Numbers by name for events. */
  readonly parts?: Readonly<Record<string, number>> | undefined;
  /**
   * Whether the update is incomplete: it is called again in the same step, and continues from `state`. In
   * between, progress is reported, a checkpoint kept and a stop heeded. Only for a lone player.
   */
  readonly unfinished?: boolean | undefined;
}

/** What takes turns in every step of a course. */
export type Player<P extends Parameters = Parameters> = GradientPlayer<P> | ClosedPlayer<P>;

/** What a course of training minimises: players in turn, and state that is not trained by gradients. */
export interface Objective<P extends Parameters = Parameters> {
  /** The players of each step, in this order. */
  readonly players: readonly [Player<P>, ...Player<P>[]];
  /** Warnings before a fit begins, one line each, about what the data leave undetermined. */
  readonly warnings?: readonly string[] | undefined;
  /**
   * What the mean losses and parts of a round show to go wrong, in words that do not change from round to round: each line is
   * told once, while training goes on.
   */
  warn?(losses: Readonly<Record<string, number>>): readonly string[];
  /** State before the first step, which the course takes over and changes in place. */
  readonly state?: Stored | undefined;
  /**
   * Scalars of a step by name, the same names in every step: `knobs` of its batches. Omit if there are none.
   */
  knobs?(step: number): Readonly<Record<string, number>>;
  /** Once parameters have moved, on the host, in place: a slow average of them. Refused with row-sparse parameters. */
  after?(parameters: P, state: Stored): void;
  /** The parameters that are kept and watched, from the trained ones (default: the trained ones). */
  settle?(parameters: P, state: Stored): P;
}

/** What a model's own objective is made for. */
export interface ObjectiveRequest {
  /** The data that the fit is to; its training rows are what the objective may look at. */
  readonly dataset: Dataset;
  /** Source of random numbers before the first step, such as where chains start. */
  readonly key: Key;
  /** The update rule that was asked for. */
  readonly optimiser: Optimiser;
}

/** The measure that a course is watched by, over rows that it is not trained on. */
export interface Monitor<P extends Parameters = Parameters> {
  /** The measure's name in events: `NLL`, `bound`, `reconstruction`. */
  readonly name: string;
  /** The unit of `rows`; undefined for numbers without one. */
  readonly unit?: "nats" | undefined;
  /** "upper" if the mean of `rows` is an upper bound of the named measure. */
  readonly bound?: "upper" | undefined;
  /** The measure of each row, without the shared part: `[batch]`. Smaller is better. */
  rows(parameters: Symbolic<P>, x: Tensor, key: SymbolicKey, context?: Tensor): Tensor;
  /** A scalar that is added to every row, such as log Z, computed once. */
  shared?(parameters: Symbolic<P>): Tensor;
  /** Whether `rows` is an estimate; few rows are then evaluated several times. */
  readonly estimated: boolean;
  /** Whether the measure selects the best parameters; if not, the last ones are kept. */
  readonly selects: boolean;
  /**
   * Whether a fit that ends by itself stops when the measure no longer improves (default true). False for a
   * game: its measure rests while the players still learn, and the fit goes on to its limit of work, time or
   * epochs, and of moments alike within an error of the measure keeps the later one.
   */
  readonly ends?: boolean | undefined;
}
