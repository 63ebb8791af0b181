import type { Estimate } from "../stats/estimate.ts";

/** A known or reference value to hold an estimate against. */
export interface ReferenceValue {
  /** The known number, in the unit of the row. */
  readonly value: number;
  /** One standard error; absent for an exact value. */
  readonly error?: number | undefined;
  /** Where it comes from, in a word or two: "Kaufman 1949", "Monte Carlo"; "exact" if there is no error. */
  readonly source?: string | undefined;
}

/** One row of the numbers table. */
export interface NumberRow {
  /** Key by which programs find the row, if they need it: `energy`, `acceptance`. */
  readonly key?: string | undefined;
  /** The quantity with its unit, in the field's words: `KL per site (nats)`. */
  readonly name: string;
  /** The number with its standard error; rounded for print by its error. */
  readonly estimate: Estimate;
  /** What the number should be; the page shows how many errors apart they are. */
  readonly reference?: ReferenceValue | undefined;
  /** A remark for the last column, such as how the number was found. */
  readonly note?: string | undefined;
}

/** A figure on the page. */
export interface ReportFigure {
  /** Unique on the page: letters, digits and hyphens, as `figureName` makes them. */
  readonly name: string;
  /**
   * Markup made by one of the figure functions. It is placed on the page unescaped: never pass markup from
   * outside.
   */
  readonly svg: string;
  /** What the figure shows, in a sentence or two; placed below it. */
  readonly caption: string;
}

/** Named settings or facts; nested values are shown as JSON. */
export type Facts = Readonly<Record<string, unknown>>;

/** The content of a page, as plain data. */
export interface PageContent {
  /** Heading of the page and title of its window. */
  readonly title: string;
  /** One sentence that a reader in a hurry takes away, with the main number and its error. */
  readonly summary: string;
  /** A formula as text and in LaTeX, before all else. */
  readonly formula?: { readonly text: string; readonly latex: string } | undefined;
  /** The table of numbers, from the top; may be empty. */
  readonly numbers: readonly NumberRow[];
  /** A table instead of the numbers: headings, then rows named by their first column. */
  readonly table?: readonly (readonly string[])[] | undefined;
  /** One line under the numbers, on how to read them. */
  readonly numbersNote?: string | undefined;
  /** The figures in the order they are placed. */
  readonly figures: readonly ReportFigure[];
  /** Facts by title: the model, its training, the data, the run. */
  readonly facts: Readonly<Record<string, Facts>>;
}

/** Where a page came from. */
export interface Provenance {
  /** The command that repeats what the page shows. */
  readonly command?: string | undefined;
}
