import type { Dataset } from "../data/dataset.ts";
import type { SymmetryName } from "../data/symmetry.ts";
import type { FitSettings } from "./options.ts";

/** The symmetries of the system that rows were drawn from. */
export interface OwnSymmetries {
  /** Those that the rows agree with. */
  readonly used: readonly SymmetryName[];
  /** Those that they do not: the rows of one magnetised sector, or of a system with a field that is not told. */
  readonly unlike: readonly SymmetryName[];
}

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
