import type { Dataset } from "../data/dataset.ts";
import { usageError } from "../error.ts";
import type { FitSettings } from "./options.ts";
import { type OwnSymmetries, ownSymmetries } from "./own-symmetries.ts";

/** The symmetries that settings ask for, `auto` being those of the data's system that its rows agree with. */
export function symmetriesOfFit({ augment }: Pick<FitSettings, "augment">, dataset: Dataset): OwnSymmetries {
  if (augment.includes("none") && augment.length > 1)
    throw usageError(`augment: none goes with nothing else, not ${augment.join(",")}`);
  const named = augment.filter((name) => name !== "auto" && name !== "none");
  if (!augment.includes("auto")) return { used: named, unlike: [] };
  const { used, unlike } = ownSymmetries(dataset);
  return { used: [...new Set([...named, ...used])], unlike };
}
