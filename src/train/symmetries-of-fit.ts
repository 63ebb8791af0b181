import type { Dataset } from "../data/dataset.ts";
import type { FitSettings } from "./options.ts";
import type { OwnSymmetries } from "./own-symmetries.ts";

/** The symmetries that settings ask for, `auto` being those of the data's system that its rows agree with. */
export async function symmetriesOfFit(
  { augment }: Pick<FitSettings, "augment">,
  dataset: Dataset,
): Promise<OwnSymmetries> {
  const named = augment.filter((name) => name !== "auto" && name !== "none");
  if (!augment.includes("auto") || !dataset.meta?.system) return { used: named, unlike: [] };
  // Systems are loaded where there is one to ask: most programs that fit bring rows of their own.
  const { ownSymmetries } = await import("./own-symmetries.ts");
  const { used, unlike } = ownSymmetries(dataset);
  return { used: [...new Set([...named, ...used])], unlike };
}
