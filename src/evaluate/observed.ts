import type { Encoding } from "../data/encoding.ts";
import type { Space } from "../data/space.ts";
import type { MeanStatistic, System } from "../systems/system.ts";
import type { Observable } from "./observable.ts";
import { siteObservables } from "./site-observables.ts";

/** What is known of rows that observables are asked of. */
export interface RowsKnown {
  /** The system that the rows were drawn from, if it is known. */
  readonly system?: System | undefined;
  /** What a row is; it decides the observables if no system is known. */
  readonly space?: Space | undefined;
  /** How the data writes binary values: as bits, or as spins. */
  readonly encoding?: Encoding | undefined;
  /** What was subtracted from each column. */
  readonly offset?: Float64Array | undefined;
}

/** What can be measured on rows, by name. */
export interface Observed {
  /** One number a row each; the means count. */
  readonly observables: Readonly<Record<string, Observable>>;
  /** Numbers made of several means. */
  readonly statistics: Readonly<Record<string, MeanStatistic>>;
}

/** Returns the observables and statistics of a system, or without one those of the space. */
export function observedOf({ system, space, encoding, offset }: RowsKnown): Observed {
  if (system) return { observables: system.observables, statistics: system.statistics ?? {} };
  return { observables: siteObservables(space, encoding, offset), statistics: {} };
}
