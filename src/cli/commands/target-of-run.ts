import { inputError, usageError } from "../../error.ts";
import type { Run, RunRecord, SolveRecord } from "../../runs/index.ts";
import { systemText } from "../../study/system-text.ts";
import {
  agreedSystem,
  createSystem,
  isKnownSystem,
  oneSystem,
  requireAlike,
  type System,
} from "../../systems/index.ts";
import type { SelectedSystem } from "../options/selected-system.ts";

/**
 * The system that a solved run learned, as its record names it. Of a run on the energy of a program file the file must be
 * `selected` again, unchanged: a record never makes a program run.
 */
export function targetOf({ folder, record }: Run<SolveRecord>, selected?: SelectedSystem): System {
  const { name, parameters } = record.target;
  const { module, sha256, beta } = parameters;
  if (typeof module !== "string") {
    if (selected?.own)
      throw usageError(`${folder}: was solved for ${systemText(record.target)}; leave --energy out`);
    if (selected) agreedSystem(record.target, selected.given, record.space, folder);
    return createSystem(name, parameters);
  }
  if (!selected?.own)
    throw usageError(
      `${folder}: was solved for the energy of ${module}, a program that runs only if you name it; add --energy ${module}`,
    );
  const { own } = selected;
  if (own.sha256 !== sha256)
    throw inputError(
      `${own.path}: is not, or no longer, the energy that ${folder} was solved for (${module})`,
    );
  if (selected.beta !== undefined && selected.beta !== beta)
    throw usageError(`${folder}: was solved at beta ${String(beta)}, not ${selected.beta}; leave --beta out`);
  return own.at(beta as number);
}

/**
 * The one system of a run: that it was solved for, that its data names, or that is selected now. Undefined if there is none, or none
 * that is known here.
 *
 * @throws AnsatzError for a selection that contradicts the run, and for data of several temperatures.
 */
export function systemOfModel(run: Run, selected: SelectedSystem | undefined): System | undefined {
  const { folder, record } = run;
  if (record.task === "solve") return targetOf(run.ofSolve(), selected);
  const stored = record.data.system;
  if (selected?.own) return ownSystem(record, folder, selected);
  if (selected) return agreedSystem(stored, selected.given, record.space, folder);
  if (!stored || !isKnownSystem(stored.name)) return undefined;
  if (stored.betas) throw inputError(`${folder}: was fitted to data of several temperatures; this needs one`);
  return oneSystem(stored);
}

/** The system of a program file for a model of `space`, whose data must not name another. */
function ownSystem(
  record: Extract<RunRecord, { readonly task: "fit" }>,
  folder: string,
  { own, beta }: Extract<SelectedSystem, { readonly own: object }>,
): System {
  const system = own.at(beta);
  requireAlike(record.space, system, folder);
  if (record.data.system)
    throw inputError(
      `${folder}: its data names its system already, ${systemText(record.data.system)}; leave --energy out`,
    );
  return system;
}
