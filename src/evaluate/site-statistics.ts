import { sizeOf } from "../array.ts";
import { binderCumulant } from "../systems/phi4/observables.ts";
import type { MeanStatistic } from "../systems/system.ts";
import { latticeMean, type RowsOfSites, siteLattice } from "./site-lattice.ts";

/**
 * Statistics of rows without a known system: of spins, bits and fields on a lattice the susceptibility χ = N(⟨m²⟩ − ⟨m⟩²), m
 * being the mean over the N sites, and of spins and fields Binder's cumulant 1 − ⟨m⁴⟩/(3⟨m²⟩²). m is not centred in the latter:
 * it tells order from disorder where m → −m is a symmetry.
 */
export function siteStatistics(known: RowsOfSites): Readonly<Record<string, MeanStatistic>> {
  const lattice = siteLattice(known);
  if (!lattice || lattice.kind === "levels") return {};
  const mean = latticeMean(lattice, (v) => v);
  const sites = sizeOf(lattice.shape);
  const fluctuation: MeanStatistic = {
    columns(x) {
      const m = mean(x);
      return [m, m.map((v) => v * v)];
    },
    of: ([first = Number.NaN, second = Number.NaN]) => sites * (second - first * first),
  };
  if (lattice.kind === "bits") return { fluctuation };
  return { fluctuation, binder: binderCumulant(mean) };
}
