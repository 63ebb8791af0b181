import { sizeOf } from "../array.ts";
import { levelCount, sites } from "../data/space.ts";
import { binderCumulant } from "../systems/phi4/observables.ts";
import type { MeanStatistic } from "../systems/system.ts";
import { columnVariances } from "./column-variances.ts";
import { latticeMean, type RowsOfSites, siteLattice } from "./site-lattice.ts";
import { mostColumns } from "./site-observables.ts";

/**
 * Returns the statistics of rows without a known system. Spins, bits and fields on a lattice: the
 * susceptibility χ = N(⟨m²⟩ − ⟨m⟩²), where m is the mean over the N sites; spins and fields also Binder's
 * cumulant 1 − ⟨m⁴⟩/(3⟨m²⟩²). The cumulant does not centre m: it separates order from disorder if m → −m is a
 * symmetry. Up to six real numbers: the variance of each.
 */
export function siteStatistics(known: RowsOfSites): Readonly<Record<string, MeanStatistic>> {
  const { space } = known;
  const isFew = space?.kind === "real" && levelCount(space) === undefined && sites(space) <= mostColumns;
  const variances = isFew ? columnVariances(sites(space)) : {};
  const lattice = siteLattice(known);
  if (!lattice || lattice.kind === "levels") return variances;
  const mean = latticeMean(lattice, (v) => v);
  const n = sizeOf(lattice.shape);
  const fluctuation: MeanStatistic = {
    columns(x) {
      const m = mean(x);
      return [m, m.map((v) => v * v)];
    },
    of: ([first = Number.NaN, second = Number.NaN]) => n * (second - first * first),
  };
  if (lattice.kind === "bits") return { fluctuation };
  return { ...variances, fluctuation, binder: binderCumulant(mean) };
}
