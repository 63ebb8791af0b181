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

/** Which batches a {@link Source} is asked for. */
export interface FillRequest<P extends Parameters = Parameters> {
  /** The first step. */
  readonly step: number;
  /** Consecutive steps, whose batches lie end to end. */
  readonly steps: number;
  /** Updates in each step, over all players. */
  readonly updates: number;
  /** Whether somebody looks at the rows of this step: what only a watcher needs may be left out otherwise. */
  readonly looked: boolean;
  /** The parameters as they are now. */
  live(): P;
}

/** Batches of some steps; valid until the next ones are asked for. */
export interface SourceBatches {
  /** `[steps · batch, ...row]` for each update. */
  readonly x: readonly BatchData[];
  /** What the rows are conditioned on, likewise. */
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
 * Where batches come from: rows of data, or rows drawn from the model with their energies. What a step is given depends on
 * its number and the parameters alone, so that training can be resumed anywhere.
 */
export interface Source<P extends Parameters = Parameters> {
  /** The type of a row. */
  readonly x: RowType;
  /** The type of what a row is conditioned on, if it is. */
  readonly context?: RowType | undefined;
  /** A number a row; left out where the energy of rows is not known. */
  readonly action?: RowType | undefined;
  /** The batches of some steps. */
  fill(request: FillRequest<P>): Promise<SourceBatches>;
  /** Frees what the source compiled. */
  release(): Promise<void>;
}

/** Where a learning rate is asked for: update `update` of the `updates` that a player has in a step. */
export interface RatePoint {
  /** The step, from 0. */
  readonly step: number;
  /** The update in the step, from 0. */
  readonly update: number;
  /** Updates in each step. */
  readonly updates: number;
}

/** What a policy sees at a look. */
export interface Look {
  /** Steps taken. */
  readonly step: number;
  /** Rounds completed. */
  readonly round: number;
  /** The best parameters so far, these included. */
  readonly best: { readonly round: number; readonly step: number };
  /** What was measured at this look, by name. */
  readonly measures: Measures;
  /** The watched measure of each row, where it is a mean over the same rows at every look. */
  readonly rows?: Float64Array | undefined;
  /** The value that the course is watched by; NaN where it is watched by none. */
  readonly value: number;
  /** Seconds of training so far, those before it was stopped and resumed too. */
  readonly seconds: number;
}

/** What a policy says after a look. */
export interface Verdict<S> {
  readonly state: S;
  /** Why training ends, where it does. */
  readonly finished?: string | undefined;
  /** Goes on from the best parameters so far instead of the last ones; the optimiser keeps its state. */
  readonly restore?: boolean | undefined;
  /** Whether a checkpoint is kept at once: what was decided by the clock is not decided again. */
  readonly keep?: boolean | undefined;
}

/** When to look, at what rate to go on, and when to stop: a function of what it sees, its state plain JSON in the checkpoint. */
export interface Policy<S = unknown> {
  /** The state before the first round. */
  readonly initial: S;
  /** Reads the state of a checkpoint. */
  readonly schema: z.ZodType<S>;
  /** The learning rate of an update. */
  rate(at: RatePoint, state: S): number;
  /** The step of the look after `step`; after every round of the course where left out. */
  nextLook?(step: number, state: S): number;
  /** Whether the clock asks for a look after the next step, after so many seconds of training; never where left out. */
  due?(seconds: number, state: S): boolean;
  /** The last step as far as is known, at most this where `open`, and seconds in all, at most. The last of the course where left out. */
  end?(state: S): { readonly step: number; readonly open: boolean; readonly seconds?: number | undefined };
  /** Looks at the model after a round. */
  observe(state: S, look: Look): Verdict<S>;
}

/** What a look at the model tells. */
export interface Seen {
  readonly measures: Measures;
  /** See {@link Look.rows}. */
  readonly rows?: Float64Array | undefined;
}

/** What is seen of a model at a look; see {@link Course.watch}. */
export interface Watching<P extends Parameters = Parameters> {
  /** Rounds completed. */
  readonly round: number;
  /** Steps taken. */
  readonly step: number;
  /** The parameters that would be kept now, where they lie: not to be held on to. */
  readonly parameters: P;
  /** What the last step's source and players told of its rows. */
  readonly seen: Readonly<Record<string, Float64Array>>;
}

/**
 * One course of training: an objective, a source of batches, a policy, and what it is watched by. `train` runs it; `fit` and
 * `solve` are short constructors of it.
 */
export interface Course<P extends Parameters = Parameters, S = unknown> {
  /** What the parameters are of: which are masked, spared by weight decay, or kept by rows. */
  readonly model: Pick<ModelBase<P>, "family" | "masks" | "decays" | "sparse">;
  /** Fresh parameters. */
  readonly initial: P;
  /** Changes fresh parameters in place before the first step; not asked where training goes on from a checkpoint. */
  begin?(parameters: P): Promise<void>;
  /** What is followed. */
  readonly objective: Objective<P>;
  /** Left out where the players draw their own rows. */
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
  /** Steps that may run in one call of the graph (1 where left out), if the players allow it. */
  readonly together?: number | undefined;
  /** Scalars of a step by name, the same names in every step. */
  knobs?(step: number): Readonly<Record<string, number>>;
  /** What events tell of a step's scalars; the knobs themselves where left out. */
  tells?(step: number): Readonly<Record<string, number>>;
  /** What is seen of the model after a round. */
  watch(at: Watching<P>): Promise<Seen>;
  /** The watched measure of held-out rows under fresh parameters, before the first step. */
  start?(parameters: P): Promise<Estimate>;
  /** What the watched measure says of the whole course once it has ended, if it ended badly; asked if `start` is there. */
  verdict?(at: WholeCourse): string | undefined;
  /** Measures that the last step alone tells, between two looks. */
  glance?(seen: Watching<P>["seen"]): Measures;
  /** The measure that the course is watched by. */
  readonly watched?: string | undefined;
  /** Whether the parameters of the best round are kept by that measure; if not, the last ones. */
  readonly selects: boolean;
  /** Whether a copy of the best parameters is kept as training goes. */
  readonly keepsBest: boolean;
  /** Whether a checkpoint follows every look, or only every 15 seconds and the last. */
  readonly savesRounds: boolean;
  /** Largest norm of the gradient of a player; 0 does not clip. */
  readonly clip: number;
  /** Threads inside one operation. */
  readonly threads: number;
  /** Rows of data trained on and looked at, where there are data. */
  readonly rows?: { readonly train: number; readonly valid: number } | undefined;
  /** Symmetries that rows of data are taken by at random. */
  readonly symmetries?: readonly SymmetryName[] | undefined;
  /** What makes the training say less than it seems to, a line each. */
  readonly warnings?: readonly string[] | undefined;
  /** What to change where the loss is not finite before any step is taken. */
  readonly atOnce: string;
  /** Frees what the course compiled. */
  release?(): Promise<void>;
}

/** How a course ended. */
export interface Settled {
  /** The parameters that are kept. */
  readonly parameters: Parameters;
  /** Measures of the last look. */
  readonly measures: Measures;
}

/** What follows the courses that have ended: another one, or the result. */
export type Next<M> =
  | {
      /** The course to run next. */
      readonly course: Course;
      /** There is none yet. */
      readonly result?: undefined;
    }
  | {
      /** What all courses led to, such as a fitted model. */
      readonly result: M;
      /** There is none to follow. */
      readonly course?: undefined;
    };

/**
 * A course after a course: one alone; codes, then their prior; restarts, of which the best is kept. What it makes of the same
 * courses is the same, since a training that is resumed asks again.
 */
export interface Plan<M> {
  /** What follows the courses that have ended, none of them at first. */
  next(ended: readonly Settled[]): Promise<Next<M>>;
}
