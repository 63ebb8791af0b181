import type { Dataset } from "../data/dataset.ts";
import { exactMean, partMean, partRows } from "../evaluate/index.ts";
import { type Estimate, sigmasFrom } from "../stats/index.ts";
import { oneSystem } from "../systems/index.ts";

/** The mean energy per site of rows under their declared system, next to the exact one. */
export interface EnergyOfRows {
  readonly energy: Estimate;
  /** Absent if it is not known. */
  readonly exact?: number | undefined;
}

/** Number of standard errors beyond which chance is no explanation (p < 1e-6 of a normal variable). */
const mostSigmas = 5;

/** See {@link EnergyOfRows}; undefined for rows at several temperatures, with unknown sites, or without an energy. */
export function energyOfRows(dataset: Dataset): EnergyOfRows | undefined {
  const system = dataset.meta?.system && oneSystem(dataset.meta.system);
  const energy = system?.observables.energy;
  if (!energy || dataset.mask) return undefined;
  const rows = partRows(dataset, "all");
  return { energy: partMean(energy(rows.x), rows), exact: exactMean(system, "energy") };
}

/** Why rows are hardly drawn from the system that was named for them, in words; undefined if nothing speaks against it. */
export function energyWarning(dataset: Dataset): string | undefined {
  const found = energyOfRows(dataset);
  if (found?.exact === undefined) return undefined;
  const sigmas = sigmasFrom(found.energy, found.exact);
  if (sigmas === undefined || !(Math.abs(sigmas) > mostSigmas)) return undefined;
  const { value } = found.energy;
  return (
    `${dataset.name}: the energy per site of the rows, ${value.toPrecision(5)}, is ${Math.abs(sigmas).toFixed(0)} standard errors ` +
    `from ${found.exact.toPrecision(5)} of the system; check its parameters, and that the rows are in equilibrium`
  );
}
