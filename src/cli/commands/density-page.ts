import { join } from "node:path";
import type { Dataset } from "../../data/dataset.ts";
import { writeComplexNpy } from "../../data/formats/npy-complex.ts";
import { AnsatzError } from "../../error.ts";
import { writeFileAtomic } from "../../files/index.ts";
import type { AnyFitted } from "../../models/fitted/fitted.ts";
import { textTable } from "../../report/table.ts";
import { type FitRecord, type Run, readLog, runFiles } from "../../runs/index.ts";
import { writeStudy } from "../../runs/write-study.ts";
import type { Outcome, Session } from "../terminal/session.ts";
import { StudyMeter } from "../terminal/study-meter.ts";
import { densityMatrixOf, densityStudy } from "./density-study.ts";

/** A density matrix that has been fitted in a run, and its shots. */
export interface FittedDensity {
  readonly run: Run<FitRecord>;
  readonly fitted: AnyFitted;
  readonly dataset: Dataset;
}

/**
 * Writes `rho.npy` and the page of a fitted density matrix into its run, and returns the command's output. Releases the model.
 * Throws AnsatzError (interrupted), with the command that makes the page after all.
 */
export async function densityPage(
  { run, fitted, dataset }: FittedDensity,
  { seed, session }: { readonly seed: number; readonly session: Session },
): Promise<Outcome> {
  const { folder } = run;
  const path = join(folder, runFiles.rho);
  const meter = new StudyMeter(session, "timed");
  try {
    const rho = densityMatrixOf(fitted)!;
    await writeFileAtomic(path, writeComplexNpy(rho), { force: true });
    const study = await densityStudy(run, rho, dataset, { seed, ...meter.options });
    meter.end();
    const files = await writeStudy(run, study);
    // The fit has said what the settings leave open.
    const said = (await readLog(folder)).flatMap((event) => (event.type === "warning" ? [event.text] : []));
    for (const line of study.warnings)
      if (!said.some((text) => text.endsWith(line))) session.note(`warning: ${line}`);
    return {
      document: { run: folder, report: files[0], rho: path, files, ...study.document },
      text: `${study.summary}\n\n${textTable(study.numbers)}\n\n${files[0]}\n${path}`,
    };
  } catch (error) {
    if (!(error instanceof AnsatzError) || error.code !== "interrupted") throw error;
    const how = `make the page with: ansatz tomography --resume --out ${folder}`;
    throw new AnsatzError("interrupted", `${error.message}; the fit and rho.npy are kept; ${how}`, {
      cause: error,
    });
  } finally {
    meter.end();
    await fitted.release();
  }
}
