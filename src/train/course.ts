import type * as z from "zod";
import type { DType } from "../array.ts";
import type { SymmetryName } from "../data/symmetry.ts";
import type { ModelBase, Objective, Parameters } from "../models/contract.ts";
import type { Key } from "../random/key.ts";
import type { Estimate } from "../stats/index.ts";
import type { WholeCourse } from "./diverged.ts";
import type { Measures } from "./measure.ts";

/** The type of one row of a batch. */
export interface RowType {
  /** The sizes of one row, without the batch. */
  readonly shape: readonly number[];
  /** The type of its elements. */
  readonly dtype: DType;
}

/** The elements of a batch, row-major. */
export type BatchData = Float32Array | Int32Array;

/** Request for batches from a {@link Source}. */
export interface FillRequest<P extends Parameters = Parameters> {
  /** The first step. */
  readonly step: number;
  /** Consecutive steps; their batches are concatenated. */
  readonly steps: number;
  /** Updates in each step, over all players. */
  readonly updates: number;
  /** Whether the rows of this step are watched; if not, values that only a watcher needs may be omitted. */
  readonly looked: boolean;
  /** The current parameters. */
  live(): P;
}

/** Batches of some steps; valid until the next request. */
export interface SourceBatches {
  /** `[steps · batch, ...row]` for each update. */
  readonly x: readonly BatchData[];
  /** The contexts of the rows, likewise. */
  readonly context?: readonly BatchData[] | undefined;
  /** `[steps · batch]` for each update: the action βE of each row. */
  readonly action?: readonly BatchData[] | undefined;
  /** Numbers of each row of the first update, for whoever watches. */
  readonly seen?: Readonly<Record<string, Float64Array>> | undefined;
}

/**
 * The earlier name of {@link SourceBatches}.
 *
 * @deprecated
 */
export type Filled = SourceBatches;

/**
 * A source of batches: rows of data, or rows drawn from the model with their energies. The batches of a step
 * depend only on its number and the parameters, so that training can be resumed anywhere.
 */
export interface Source<P extends Parameters = Parameters> {
  /** The type of a row. */
  readonly x: RowType;
  /** The type of what a row is conditioned on, if it is. */
  readonly context?: RowType | undefined;
  /** Type of one number per row; omitted if the energy of rows is unknown. */
  readonly action?: RowType | undefined;
  /** The batches of some steps. */
  fill(request: FillRequest<P>): Promise<SourceBatches>;
  /** Frees what the source compiled. */
  release(): Promise<void>;
}

/**
 * The point at which a learning rate applies: update `update` of the `updates` that a player has in a step.
 */
export interface RatePoint {
  /** The step, from 0. */
  readonly step: number;
  /** The update in the step, from 0. */
  readonly update: number;
  /** Updates in each step. */
  readonly updates: number;
}

/** The information for a policy at a look. */
export interface Look {
  /** Steps taken. */
  readonly step: number;
  /** Rounds completed. */
  readonly round: number;
  /** The best parameters so far, these included. */
  readonly best: { readonly round: number; readonly step: number };
  /** The measures at this look, by name. */
  readonly measures: Measures;
  /** The watched measure of each row, if it is a mean over the same rows at every look. */
  readonly rows?: Float64Array | undefined;
  /** The value that the course is watched by; NaN if there is none. */
  readonly value: number;
  /** Seconds of training so far, those before it was stopped and resumed too. */
  readonly seconds: number;
}

/** A policy's decision after a look. */
export interface Verdict<S> {
  readonly state: S;
  /** Why training ends, if it does. */
  readonly finished?: string | undefined;
  /** Goes on from the best parameters so far instead of the last ones; the optimiser keeps its state. */
  readonly restore?: boolean | undefined;
  /** Whether a checkpoint is kept at once: what was decided by the clock is not decided again. */
  readonly keep?: boolean | undefined;
}

/**
 * Decides when to look, the learning rate, and when to stop: a function of what it sees, with its state as
 * plain JSON in the checkpoint.
 */
export interface Policy<S = unknown> {
  /** The state before the first round. */
  readonly initial: S;
  /** Reads the state of a checkpoint. */
  readonly schema: z.ZodType<S>;
  /** The learning rate of an update. */
  rate(at: RatePoint, state: S): number;
  /** The step of the look after `step` (default: after every round of the course). */
  nextLook?(step: number, state: S): number;
  /**
   * Whether the clock asks for a look after the next step, given the `seconds` of training so far (default:
   * never).
   */
  due?(seconds: number, state: S): boolean;
  /**
   * The last step as far as is known (an upper bound if `open`), and the maximum total seconds. The default
   * is the last step of the course.
   */
  end?(state: S): { readonly step: number; readonly open: boolean; readonly seconds?: number | undefined };
  /** Looks at the model after a round. */
  observe(state: S, look: Look): Verdict<S>;
}

/** The result of a look at the model. */
export interface Seen {
  readonly measures: Measures;
  /** See {@link Look.rows}. */
  readonly rows?: Float64Array | undefined;
}

/** The information for {@link Course.watch} at a look. */
export interface Watching<P extends Parameters = Parameters> {
  /** Rounds completed. */
  readonly round: number;
  /** Steps taken. */
  readonly step: number;
  /** The parameters that would be kept now, not copied: do not hold on to them. */
  readonly parameters: P;
  /** Values per row that the last step's source and players report, by name. */
  readonly seen: Readonly<Record<string, Float64Array>>;
}

/**
 * One course of training: an objective, a source of batches, a policy, and what it is watched by. `train` runs it; `fit` and
 * `solve` are short constructors of it.
 */
export interface Course<P extends Parameters = Parameters, S = unknown> {
  /** The model of the parameters: which are masked, exempt from weight decay, or stored by rows. */
  readonly model: Pick<ModelBase<P>, "family" | "masks" | "decays" | "sparse">;
  /** Fresh parameters. */
  readonly initial: P;
  /**
   * Changes fresh parameters in place before the first step; not called when training continues from a
   * checkpoint.
   */
  begin?(parameters: P): Promise<void>;
  /** The objective of the course. */
  readonly objective: Objective<P>;
  /** Source of the rows; omitted if the players draw their own. */
  readonly source?: Source<P> | undefined;
  /** Rows of a batch. */
  readonly batch: number;
  /** Learning rates, and when training ends. */
  readonly policy: Policy<S>;
  /** Source of the noise of every step. */
  readonly key: Key;
  /** Steps at most. */
  readonly steps: number;
  /** Steps between two looks. */
  readonly round: number;
  /** Number of steps that may run in one call of the graph, if the players allow it (default 1). */
  readonly together?: number | undefined;
  /** Scalars of a step by name, the same names in every step. */
  knobs?(step: number): Readonly<Record<string, number>>;
  /** The scalars of a step as events report them (default: the knobs themselves). */
  tells?(step: number): Readonly<Record<string, number>>;
  /** Measures the model after a round. */
  watch(at: Watching<P>): Promise<Seen>;
  /** The watched measure of held-out rows under fresh parameters, before the first step. */
  start?(parameters: P): Promise<Estimate>;
  /**
   * A warning about the whole course once it has ended, from the watched measure, if it ended badly; requires
   * `start`.
   */
  verdict?(at: WholeCourse): string | undefined;
  /** Measures of the last step alone, between two looks. */
  glance?(seen: Watching<P>["seen"]): Measures;
  /** The measure that the course is watched by. */
  readonly watched?: string | undefined;
  /** Whether the parameters of the best round are kept by that measure; if not, the last ones. */
  readonly selects: boolean;
  /** Whether of rounds whose measures are alike within an error the later one is kept; the measure is an estimate. */
  readonly keepsLater?: boolean | undefined;
  /** Whether a copy of the best parameters is kept as training goes. */
  readonly keepsBest: boolean;
  /** Whether a checkpoint follows every look, or only every 15 seconds and the last. */
  readonly savesRounds: boolean;
  /** Largest norm of the gradient of a player; 0 does not clip. */
  readonly clip: number;
  /** Threads inside one operation. */
  readonly threads: number;
  /** Numbers of data rows trained on and looked at, if there are data. */
  readonly rows?: { readonly train: number; readonly valid: number } | undefined;
  /** Symmetries that rows of data are taken by at random. */
  readonly symmetries?: readonly SymmetryName[] | undefined;
  /** Reasons why the training says less than it seems to, one line each. */
  readonly warnings?: readonly string[] | undefined;
  /** What to change if the loss is not finite before any step is taken. */
  readonly atOnce: string;
  /** Frees what the course compiled. */
  release?(): Promise<void>;
}

/** The end of a course. */
export interface Settled {
  /** The parameters that are kept. */
  readonly parameters: Parameters;
  /** Measures of the last look. */
  readonly measures: Measures;
}

/** The continuation after the courses that have ended: another one, or the result. */
export type Next<M> =
  | {
      /** The course to run next. */
      readonly course: Course;
      /** No result yet. */
      readonly result?: undefined;
    }
  | {
      /** The result of all courses, such as a fitted model. */
      readonly result: M;
      /** No further course. */
      readonly course?: undefined;
    };

/**
 * A sequence of courses: one alone; codes, then their prior; or restarts, keeping the best. It must answer
 * the same for the same courses, since a resumed training asks again.
 */
export interface Plan<M> {
  /** Returns the continuation after the courses that have ended, initially none. */
  next(ended: readonly Settled[]): Promise<Next<M>>;
}
