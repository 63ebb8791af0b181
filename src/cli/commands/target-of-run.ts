import { inputError, usageError } from "../../error.ts";
import type { Run, SolveRecord } from "../../runs/index.ts";
import { systemText } from "../../study/system-text.ts";
import { agreedSystem, createSystem, isKnownSystem, oneSystem, type System } from "../../systems/index.ts";
import type { SelectedSystem } from "../options/selected-system.ts";
import { ownSystem } from "./own-system.ts";

/**
 * The system that a solved run learned, as its record names it. Of a run on the energy of a program file the file must be
 * `selected` again, unchanged: a record never makes a program run.
 */
export function targetOf({ folder, record }: Run<SolveRecord>, selected?: SelectedSystem): System {
  const { name, parameters } = record.target;
  const { module } = parameters;
  if (typeof module !== "string") {
    if (selected?.own)
      throw usageError(`${folder}: was trained on ${systemText(record.target)}; leave --energy out`);
    if (selected) agreedSystem(record.target, selected.given, record.space, folder);
    return createSystem(name, parameters);
  }
  if (!selected?.own)
    throw usageError(
      `${folder}: was trained on the energy in ${module}; a program runs only if you name it: add --energy ${module}`,
    );
  return ownSystem(record.target, selected, record.space, folder);
}

/**
 * Returns the one system of a run: that it was solved for, that its data names, or that is selected now.
 * Undefined if there is none, or none that is known here.
 *
 * @throws AnsatzError for a selection that contradicts the run, and for data of several temperatures.
 */
export function systemOfModel(run: Run, selected: SelectedSystem | undefined): System | undefined {
  const { folder, record } = run;
  if (record.task === "solve") return targetOf(run.ofSolve(), selected);
  const stored = record.data.system;
  if (selected?.own) return ownSystem(stored, selected, record.space, folder);
  if (selected) return agreedSystem(stored, selected.given, record.space, folder);
  if (!stored || !isKnownSystem(stored.name)) return undefined;
  if (stored.betas)
    throw inputError(`${folder}: was fitted to data at several temperatures; this command needs one`);
  return oneSystem(stored);
}
