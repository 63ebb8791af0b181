import type { Dataset } from "../../data/dataset.ts";
import type { SymmetryName } from "../../data/symmetry.ts";
import { inputError } from "../../error.ts";
import { systemText } from "../../study/system-text.ts";
import { firstSystem } from "../../systems/index.ts";

/**
 * Throws an input error that names the `flag` when rows are to be augmented by what is no symmetry of the system they are
 * known to come from: what learns from them would learn another distribution than theirs.
 */
export function checkAugmentation(
  { meta }: Dataset,
  names: readonly SymmetryName[],
  flag = "--augment",
): void {
  const known = meta?.system;
  const symmetries = known && firstSystem(known)?.symmetries;
  if (!symmetries) return;
  const has = (name: SymmetryName) =>
    symmetries.includes(name) || (name === "mirror" && symmetries.includes("reflections"));
  const wrong = names.find((name) => !has(name));
  if (wrong)
    throw inputError(
      `${flag}: the data's system, ${systemText(known)}, has no ${wrong} ` +
        `(it has ${symmetries.join(", ") || "none"})`,
    );
}
