import type { Dataset } from "../data/dataset.ts";
import {
  againstContext,
  type ContextCurve,
  defaultPart,
  floats,
  type GenerationCost,
  type Part,
  type PartRows,
  partRows,
  type Score,
  score,
  siteObservables,
} from "../evaluate/index.ts";
import { type AnyFitted, byKind } from "../models/fitted/fitted.ts";
import { Key } from "../random/key.ts";
import type { Estimate } from "../stats/index.ts";
import { oneSystem, type System } from "../systems/index.ts";
import type { TrainEvent } from "../train/event.ts";
import { type CodesOfRows, codesOfRows } from "./codes-of-rows.ts";
import { type DrawnRows, drawRows } from "./draw-rows.ts";
import { type FlowTimeOfRows, flowTimeOfRows } from "./flow-time-of-rows.ts";
import { generationOf } from "./generation.ts";
import { canJudge, judgeSamples, leastJudged } from "./judge/judge-samples.ts";
import type { Judged } from "./judge/judged.ts";
import { type OutcomesOfFit, outcomesOfFit } from "./outcomes-of-fit.ts";
import { reconstructionOfRows } from "./reconstruction-of-rows.ts";
import { type StateOfFit, stateOfFit } from "./state-of-fit.ts";
import { type LookOptions, lazily } from "./study.ts";

/** Configurations that a figure may show. */
export const shownConfigurations = 16;

/** Samples of a model, with what its kind tells of them. */
export type SubjectSamples = DrawnRows;

/** A fitted model and the data to hold it against: what panels of a fit look at. What several need is made once. */
export interface FitSubject {
  /** The model with its parameters. */
  readonly fitted: AnyFitted;
  /** The data that the model was fitted to. */
  readonly dataset: Dataset;
  /** The system that the data was drawn from, if it is known and a single one. */
  readonly system: System | undefined;
  /** The rows that are scored. */
  readonly scored: PartRows;
  /** All rows of the dataset, whatever their part. */
  readonly all: PartRows;
  /** The scored rows in relation to the model, in words. */
  readonly rows: string;
  /** Events of the training. */
  readonly events: readonly TrainEvent[];
  /** The seed of everything that the panels draw. */
  readonly seed: number;
  /** Returns the score of `scored`; computed once, on first use. */
  score(at: LookOptions): Promise<Score>;
  /** Returns samples of the model; drawn once, on first use. */
  drawn(at: LookOptions): Promise<SubjectSamples>;
  /** The NLL and every observable of data and model against the contexts of the rows; none without contexts. */
  contexts(at: LookOptions): Promise<readonly ContextCurve[]>;
  /**
   * Returns two-sample tests of samples against the scored rows, with notes on the rows; else the reason why
   * there are none.
   */
  judged(at: LookOptions): Promise<Judged | string>;
  /**
   * Returns the cost of effective samples next to that of the system's simulation; undefined if it is
   * unknown. Timed once.
   */
  generation(at: LookOptions): Promise<GenerationCost | undefined>;
  /** Codes of the first scored rows, and what they decode to; undefined for models without codes. Encoded once. */
  codes(at: LookOptions): Promise<CodesOfRows | undefined>;
  /** Returns rows on the path between noise and data, for figures; undefined for other models. Made once. */
  flowTime(at: LookOptions): Promise<FlowTimeOfRows | undefined>;
  /**
   * Returns the distance of scored rows from the rows that their codes decode to, per site; undefined if the
   * score has it, or there are no codes.
   */
  reconstruction(at: LookOptions): Promise<Estimate | undefined>;
  /** The quantum state, of models that are one and shots of qubits; else undefined. */
  state(at: LookOptions): Promise<StateOfFit | undefined>;
  /**
   * Returns what a model of outcomes of qubits says of their state; undefined for other models and data. Found
   * once.
   */
  outcomes(): Promise<OutcomesOfFit | undefined>;
  /** log P + log Z of the scored rows; undefined for models that are no energy models. */
  energies(): Promise<Float64Array | undefined>;
}

/** Options of {@link fitSubject}. */
export interface SubjectOptions {
  /** The part of the data that is scored: the test split where there is one, else all. */
  readonly part?: Part | undefined;
  /** The system of the rows, if the dataset does not name it. */
  readonly system?: System | undefined;
  /** The scored rows in relation to the model, in words (default: their part and the dataset's name). */
  readonly rows?: string | undefined;
  /** Samples to draw (default 10,000). */
  readonly samples?: number | undefined;
  /** Seed of samples, figures and scores (default 0). */
  readonly seed?: number | undefined;
  /** Refits of the parametric bootstrap, for the error of the fidelity of a quantum state of networks (default none). */
  readonly replicas?: number | undefined;
  /** Events of the training, for its curve and its facts (default none). */
  readonly events?: readonly TrainEvent[] | undefined;
}

/** The subject of a fit. Samples are drawn by key 1 of the seed, figures by key 2, scores by key 3. */
export function fitSubject(
  fitted: AnyFitted,
  dataset: Dataset,
  { part, samples = 10_000, seed = 0, events = [], replicas, ...words }: SubjectOptions = {},
): FitSubject {
  const chosen = part ?? defaultPart(dataset);
  const rows = words.rows ?? rowsText(dataset, chosen);
  const system = words.system ?? (dataset.meta?.system && oneSystem(dataset.meta.system));
  const scored = partRows(dataset, chosen);
  const root = Key.fromSeed(seed);
  const all = partRows(dataset, "all");
  const scoreOf = lazily(({ signal, onProgress }: LookOptions) =>
    score(fitted, dataset, {
      // What each row says is shown against its context.
      ...{ part: chosen, system: words.system, key: root.fold(3), signal },
      rows: fitted.model.context !== undefined,
      onProgress: (done, total) =>
        onProgress?.(fitted.model.kind === "energy" ? "log Z" : "score", done, total),
    }),
  );
  const drawn = lazily((at: LookOptions) =>
    drawSamples(fitted, scored, samplesFor(fitted, dataset, system, samples), root, at),
  );
  return {
    ...{ fitted, dataset, system, scored, all, rows, events, seed, drawn },
    score: scoreOf,
    contexts: lazily(async (at: LookOptions) => {
      const [of, { x }] = [await scoreOf(at), await drawn(at)];
      const logProb = "rows" in of ? of.rows : undefined;
      return againstContext({ dataset, scored, all, samples: x, logProb });
    }),
    judged: lazily(async (at: LookOptions) => {
      if (!canJudge(dataset, scored)) return whyNotJudged(dataset, rows, scored);
      const own = await drawn(at);
      const count = own.x.shape[0] as number;
      if (count < leastJudged) return `${count} samples are too few, ${leastJudged} are needed`;
      const notes: string[] = [];
      const judgement = await judgeSamples({
        ...{ dataset, system, rows, scored, seed, note: (line: string) => notes.push(line), ...at },
        drawn: [{ name: fitted.model.family, ...own }],
      });
      return { judgement, notes };
    }),
    generation: lazily((at: LookOptions) => generationOf({ fitted, system, events }, seed, at)),
    codes: lazily((at: LookOptions) => codesOfRows(fitted, scored, dataset, system, at)),
    flowTime: lazily((at: LookOptions) => flowTimeOfRows(fitted, scored, seed, at)),
    reconstruction: lazily((at: LookOptions) => reconstructionOfRows(fitted, scored, at)),
    state: lazily(({ signal, onProgress }: LookOptions) =>
      stateOfFit(fitted, dataset, {
        ...{ seed, replicas, signal },
        onProgress: (done, total) => onProgress?.("bootstrap", done, total),
      }),
    ),
    outcomes: lazily(async () =>
      byKind<Promise<OutcomesOfFit | undefined> | undefined>(fitted, {
        exact: (own) => outcomesOfFit(own, dataset, scored, seed),
        energy: () => undefined,
        bounded: () => undefined,
        implicit: () => undefined,
      }),
    ),
    energies: lazily(async () =>
      byKind<Promise<Float64Array> | undefined>(fitted, {
        energy: (own) => own.logWeight(scored.x),
        exact: () => undefined,
        bounded: () => undefined,
        implicit: () => undefined,
      }),
    ),
  };
}

/** The reason why rows have no two-sample tests; see `canJudge`. */
function whyNotJudged({ space, context }: Dataset, rows: string, { x }: PartRows): string {
  if (context) return "each row has a context";
  if (space.kind === "sequence") return "rows are sequences";
  return `${x.shape[0]} ${rows} are too few, ${leastJudged} are needed`;
}

/** Rows of a part in words. Whether the model was fitted to them is not known here, so none are called held-out. */
function rowsText({ name }: Dataset, part: Part): string {
  if (part === "all") return `rows of ${name}`;
  return `${part === "valid" ? "validation" : part} rows of ${name}`;
}

/** Without observables no more are drawn than a figure shows; chains are told by many rows all the same. */
function samplesFor(
  fitted: AnyFitted,
  dataset: Dataset,
  system: System | undefined,
  samples: number,
): number {
  const observed =
    Object.keys(system?.observables ?? siteObservables(dataset.space, dataset.encoding)).length > 0;
  const few = !observed && fitted.model.kind !== "energy";
  return few ? Math.min(samples, shownConfigurations) : samples;
}

async function drawSamples(
  fitted: AnyFitted,
  { context }: PartRows,
  samples: number,
  root: Key,
  { signal, onProgress }: LookOptions,
): Promise<SubjectSamples> {
  // A conditional model is sampled in the contexts of the scored rows.
  const n = context && fitted.model.kind !== "energy" ? (context.shape[0] as number) : samples;
  return drawRows(fitted, n, {
    key: root.fold(1),
    signal,
    ...(context && { context: floats(context) }),
    onProgress: (done: number, total: number) => onProgress?.(`sample ${fitted.model.family}`, done, total),
  });
}
