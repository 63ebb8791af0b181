import { ndarray } from "../../array.ts";
import { counted } from "../../counted.ts";
import { labelsOf, pauliSetting } from "../../data/measurements/setting.ts";
import { type Space, sites } from "../../data/space.ts";
import { usageError } from "../../error.ts";

/**
 * Returns the context of `rows` shots that are all measured in the setting `basis`, a letter X, Y or Z per
 * qubit, for a model with a setting as context `space`. Throws AnsatzError (usage) for other models, (input)
 * for another number of letters and letters that are no basis.
 */
export function contextOfBasis(basis: string, space: Space | undefined, qubits: number, rows: number) {
  const isLabels = space?.kind === "categorical" && space.states === 3 && sites(space) === qubits;
  const isAxes = space?.kind === "real" && sites(space) === 3 * qubits;
  if (!isLabels && !isAxes)
    throw usageError(`--basis ${basis}: the model was not fitted to shots with a setting each; leave it out`);
  if (basis.length !== qubits)
    throw usageError(
      `--basis ${basis}: has ${counted(basis.length, "letter")}; give one of X, Y and Z for each of ${qubits} qubits`,
    );
  const setting = pauliSetting(basis, "--basis");
  const own = isLabels ? labelsOf(setting) : setting.axes;
  const data = Float32Array.from({ length: rows * own.length }, (_, i) => own[i % own.length] as number);
  return ndarray("f32", [rows, own.length], data);
}
