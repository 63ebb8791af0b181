import type { Estimate } from "../stats/estimate.ts";

/** A known or reference value to hold an estimate against. */
export interface ReferenceValue {
  readonly value: number;
  /** One standard error; absent for an exact value. */
  readonly error?: number | undefined;
  /** Where it comes from, in a word or two: "Kaufman 1949", "Monte Carlo"; "exact" if there is no error. */
  readonly source?: string | undefined;
}

/** One row of the numbers table. */
export interface NumberRow {
  /** The quantity with its unit, in the field's words: `KL per site (nats)`. */
  readonly name: string;
  readonly estimate: Estimate;
  readonly reference?: ReferenceValue | undefined;
  readonly note?: string | undefined;
}

/** A figure on the page. */
export interface ReportFigure {
  /** Unique on the page: letters, digits and hyphens, as {@link buildFigures} names them. */
  readonly name: string;
  /** Markup made by one of the figure functions. It is placed on the page as it is: never pass markup from outside. */
  readonly svg: string;
  readonly caption: string;
}

/** Named settings or facts; nested values are shown as JSON. */
export type Facts = Readonly<Record<string, unknown>>;

/** Everything a report page says, as plain data. */
export interface Report {
  readonly title: string;
  /** One sentence that a reader in a hurry takes away, with the main number and its error. */
  readonly summary: string;
  readonly numbers: readonly NumberRow[];
  /** One line under the numbers, on how to read them. */
  readonly numbersNote?: string | undefined;
  readonly figures: readonly ReportFigure[];
  readonly model: {
    readonly family: string;
    readonly hyperparameters: Facts;
    /** The space of a data point as a person writes it: `binary 8×8`. */
    readonly space: string;
    /** Number of trained parameters. */
    readonly parameters: number;
  };
  /** Options of the optimiser and of the fitting loop. */
  readonly training: Facts;
  /** What was learned from: file, rows, splits, fingerprint, the system and its couplings. */
  readonly data: Facts;
  /** Versions of Ansatz, of the engine and of the runtime. */
  readonly versions: Facts;
  readonly seed: number | string;
  /** Wall-clock time of the run, in seconds. */
  readonly seconds: number;
  /** The command that repeats the run. */
  readonly command: string;
}
