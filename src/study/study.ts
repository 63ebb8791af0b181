import { stopIfAborted } from "../error.ts";
import type { NumberRow, PageContent, ReportFigure } from "../report/index.ts";

/** A figure of a study, with its caption. */
export type Figure = ReportFigure;

/** The report of a result, as plain data: the same for every caller and every display. */
export interface Study extends PageContent {
  /** Reasons not to rely on the numbers, one line each. */
  readonly warnings: readonly string[];
  /** Further notes for the reader, such as what was omitted and why, one line each (default none). */
  readonly notes?: readonly string[] | undefined;
  /** The same as plain JSON; a number that is unknown is NaN here and null in JSON text. */
  readonly document: Readonly<Record<string, unknown>>;
}

/** Options of a panel. */
export interface LookOptions {
  /** Stops the study with AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
  /** Called with the name of a piece of work and its progress. */
  readonly onProgress?: ((work: string, done: number, total: number) => void) | undefined;
}

/** The contribution of one panel to a study. */
export interface PanelResult {
  /** Rows of the study's table of numbers. */
  readonly numbers?: readonly NumberRow[] | undefined;
  /** Figures with captions; a name is unique on the page. */
  readonly figures?: readonly Figure[] | undefined;
  /** Reasons not to rely on the numbers, one line each. */
  readonly warnings?: readonly string[] | undefined;
  /** Further notes for the reader, such as what was omitted and why, one line each. */
  readonly notes?: readonly string[] | undefined;
  /** Entries of the study's document. */
  readonly document?: Readonly<Record<string, unknown>> | undefined;
}

/** One subject of a study: when it applies, and what it adds. */
export interface Panel<S> {
  /** The panel's name in lists; not shown on the page. */
  readonly name: string;
  /** Whether the panel applies to a subject; if not, `look` is not called. */
  applies(subject: S): boolean;
  /** Returns what the panel adds. It passes `at` on to work that takes long, so that the study can be stopped. */
  look(subject: S, at: LookOptions): Promise<PanelResult>;
}

/** Returns the contributions of all panels that apply, in their order. */
export async function lookThrough<S>(
  panels: readonly Panel<S>[],
  subject: S,
  at: LookOptions = {},
): Promise<Required<{ [K in keyof PanelResult]: NonNullable<PanelResult[K]> }>> {
  const all: PanelResult[] = [];
  for (const panel of panels) {
    stopIfAborted(at.signal, "the study was interrupted");
    if (panel.applies(subject)) all.push(await panel.look(subject, at));
  }
  return {
    numbers: all.flatMap(({ numbers = [] }) => numbers),
    figures: all.flatMap(({ figures = [] }) => figures),
    warnings: all.flatMap(({ warnings = [] }) => warnings),
    notes: all.flatMap(({ notes = [] }) => notes),
    document: Object.assign({}, ...all.map(({ document }) => document)),
  };
}

/** Warnings as they follow a summary. */
export const warningText = (warnings: readonly string[]) =>
  warnings.map((line) => ` Warning: ${line}.`).join("");

/** Returns a function that makes a value on its first call, with the arguments of that call, and keeps it. */
export function lazily<T, A extends unknown[]>(make: (...at: A) => Promise<T>): (...at: A) => Promise<T> {
  let made: Promise<T> | undefined;
  return (...at) => {
    made ??= make(...at);
    return made;
  };
}
