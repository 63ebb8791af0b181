import { fromDataset, holdsMeasurements } from "../../data/measurements/index.ts";
import { sites } from "../../data/space.ts";
import { AnsatzError } from "../../error.ts";
import { stateOfModel, tablePlan } from "../../evaluate/tomography/index.ts";
import type { FittedExact } from "../../models/fitted/exact.ts";
import type { Run } from "../../runs/index.ts";
import type { ComplexMatrix } from "../../stats/hermitian-eigen.ts";
import { mostDensityQubits } from "../../tomography/index.ts";
import { loadRunData } from "./run-data.ts";

/**
 * Returns the physical state of a run's model of outcomes, for the settings of the shots that it was fitted to; undefined for other
 * models, more than 8 qubits and settings that determine no state, and with a note if the shots are not there any more.
 */
export async function stateOfOutcomes(
  run: Run,
  fitted: FittedExact,
  note: (line: string) => void,
): Promise<ComplexMatrix | undefined> {
  const { space, context, stateVector } = fitted.model;
  if (stateVector || space.kind !== "binary" || !context || sites(space) > mostDensityQubits)
    return undefined;
  const found = await loadRunData(run).catch((error: unknown) => {
    if (!(error instanceof AnsatzError)) throw error;
    note(`note: no rho.npy, which needs the settings of the fit: ${error.message}`);
    return undefined;
  });
  if (!found || !holdsMeasurements(found.dataset)) return undefined;
  const measurements = fromDataset(found.dataset);
  if (!tablePlan(measurements)) return undefined;
  return (await stateOfModel(fitted, measurements)).rho;
}
