import type { MeanStatistic, System } from "../systems/system.ts";
import { mapObservables } from "./map-observables.ts";
import type { Observable } from "./observable.ts";
import type { RowsOfSites } from "./site-lattice.ts";
import { siteObservables } from "./site-observables.ts";
import { siteStatistics } from "./site-statistics.ts";

/** What is known of rows with observables; without a system the space decides which observables there are. */
export interface RowsKnown extends RowsOfSites {
  /** The system that the rows were drawn from, if known. */
  readonly system?: System | undefined;
  /** Whether the rows are maps of the sky; see `areMaps`. */
  readonly maps?: boolean | undefined;
}

/** The quantities that can be measured on rows, by name. */
export interface Observed {
  /** Observables with one number per row; their means are reported. */
  readonly observables: Readonly<Record<string, Observable>>;
  /** Numbers computed from several means. */
  readonly statistics: Readonly<Record<string, MeanStatistic>>;
}

/** Returns the observables and statistics of a system; without one, those for maps or for the space. */
export function observedOf({ system, maps, space, encoding, offset }: RowsKnown): Observed {
  if (system) return { observables: system.observables, statistics: system.statistics ?? {} };
  if (maps) return { observables: mapObservables, statistics: {} };
  return {
    observables: siteObservables(space, encoding, offset),
    statistics: siteStatistics({ space, encoding, offset }),
  };
}
