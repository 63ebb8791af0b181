import { inputError, usageError } from "../../error.ts";
import { isRun, openRun } from "../../runs/index.ts";
import type { Outcome, Session } from "../terminal/session.ts";
import type { Flags } from "./command.ts";
import { densityPage } from "./density-page.ts";
import { openFitted } from "./open-model.ts";
import { resumeFit } from "./resume.ts";
import { loadRunData } from "./run-data.ts";

/** Options that do not say what the run is. */
const free = ["out", "resume", "json", "seed"];

/**
 * Finishes a run of `ansatz tomography` with its own shots and options: the fit, if it was stopped, then the page. Throws for
 * anything but a run of tomography, and for options of a new run.
 */
export async function resumeTomography(
  out: string,
  files: readonly string[],
  flags: Flags,
  session: Session,
): Promise<Outcome> {
  const other = Object.keys(flags).find((name) => flags[name] !== undefined && !free.includes(name));
  if (files.length > 0 || other !== undefined)
    throw usageError(
      `--resume goes on with the shots and options of ${out}; leave out ${files[0] ?? `--${other}`}`,
    );
  if (!(await isRun(out)))
    throw inputError(`no run in ${out} to resume; give the files of shots to begin one`);
  const { record } = (await openRun(out)).ofFit();
  if (!record.tomography)
    throw usageError(
      `${out} is no run of ansatz tomography; continue with: ansatz fit --resume --out ${out}`,
    );
  const { seed } = record;
  if (flags.seed !== undefined && flags.seed !== seed)
    throw usageError(`${out} was started with --seed ${seed}, which a resumed fit keeps; leave it out`);
  if (!record.result) await resumeFit(out, { data: {}, hyperparameters: {}, options: {} }, session);
  const { run, fitted } = await openFitted(out);
  const { dataset } = await loadRunData(run, { note: (line) => session.note(line) });
  return densityPage({ run: run.ofFit(), fitted, dataset }, { seed, session });
}
