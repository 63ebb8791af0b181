import type { Dataset } from "../data/dataset.ts";
import type { SymmetryName } from "../data/symmetry.ts";
import { usageError } from "../error.ts";
import type { FitSettings } from "./options.ts";
import { type OwnSymmetries, ownSymmetries } from "./own-symmetries.ts";

/** The symmetries that settings name; throws a usage error where `none` is among others. */
export function namedSymmetries({ augment }: Pick<FitSettings, "augment">): SymmetryName[] {
  if (augment.includes("none") && augment.length > 1)
    throw usageError(`augment: none goes with nothing else, not ${augment.join(",")}`);
  return augment.filter((name) => name !== "auto" && name !== "none");
}

/**
 * Returns the symmetries that the settings ask for; `auto` means those of the data's system that its rows
 * agree with.
 */
export function symmetriesOfFit(settings: Pick<FitSettings, "augment">, dataset: Dataset): OwnSymmetries {
  const named = namedSymmetries(settings);
  if (!settings.augment.includes("auto")) return { used: named, unlike: [] };
  const { used, unlike } = ownSymmetries(dataset);
  return { used: [...new Set([...named, ...used])], unlike };
}
