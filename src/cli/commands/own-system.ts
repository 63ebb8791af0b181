import { inputError, usageError } from "../../error.ts";
import { systemText } from "../../study/system-text.ts";
import { type KnownSystem, requireAlike, type System } from "../../systems/index.ts";
import type { SelectedSystem } from "../options/selected-system.ts";

/** An energy of a program file with its temperature, as it was selected. */
export type SelectedOwn = Extract<SelectedSystem, { readonly own: object }>;

/**
 * Returns the system of a program file for rows of a space. If they already name a system, it must be the
 * same file, unchanged, and it sets the temperature. `where` names the rows in messages.
 */
export function ownSystem(
  stored: KnownSystem | undefined,
  { own, beta }: SelectedOwn,
  space: System["space"],
  where: string,
): System {
  const { module, sha256, beta: before } = stored?.parameters ?? {};
  if (stored && typeof module !== "string")
    throw inputError(`${where}: its system is already known as ${systemText(stored)}; leave --energy out`);
  if (stored && sha256 !== own.sha256)
    throw inputError(`${own.path}: is not, or no longer, the energy of ${where} (${String(module)})`);
  if (stored && beta !== undefined && beta !== before)
    throw usageError(`${where}: has beta ${String(before)}, not ${beta}; leave --beta out`);
  const system = own.at(stored ? (before as number) : beta);
  requireAlike(space, system, where);
  return system;
}
