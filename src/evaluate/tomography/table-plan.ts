import { informationallyComplete } from "../../data/measurements/complete.ts";
import { shotsOfSettings } from "../../data/measurements/counts.ts";
import type { Measurements } from "../../data/measurements/measurements.ts";
import { allPauliNames, isPauli, labelsOf, pauliSetting } from "../../data/measurements/setting.ts";
import type { Tally } from "../../tomography/counts.ts";

/** The settings in which a model of outcomes is asked, and what each of them weighs. */
export type TablePlan = Pick<Tally, "qubits" | "settings" | "shotsOf" | "confusion" | "name">;

/**
 * Returns the settings that make a state of a model which was fitted to `measurements`: those with shots, if they determine every state;
 * all 3^N alike, if the shots are of random Pauli settings, of which a model has seen too few only one by one. Undefined for other
 * settings, such as Z alone: what a model says of settings like none that it has seen is chance.
 */
export function tablePlan(measurements: Measurements): TablePlan | undefined {
  const { qubits, settings, confusion, name } = measurements;
  const shots = Float64Array.from(shotsOfSettings(measurements));
  const same = { qubits, name, ...(confusion && { confusion }) };
  if (informationallyComplete(measurements).complete) return { ...same, settings, shotsOf: shots };
  if (!coversPairs(measurements)) return undefined;
  const all = allPauliNames(qubits).map((one) => pauliSetting(one, name));
  const each = shots.reduce((sum, n) => sum + n, 0) / all.length;
  return { ...same, settings: all, shotsOf: new Float64Array(all.length).fill(each) };
}

/** Whether every pair of qubits was measured in all nine pairs of X, Y and Z, as random Pauli settings do it soon. */
export function coversPairs(measurements: Measurements): boolean {
  const { qubits } = measurements;
  const shots = shotsOfSettings(measurements);
  const seen = measurements.settings.filter((_, s) => shots[s]! > 0);
  if (!seen.every(isPauli)) return false;
  const pairs = new Uint8Array(qubits * qubits * 9);
  for (const setting of seen) {
    const labels = labelsOf(setting);
    for (let p = 0; p < qubits; p++)
      for (let q = 0; q < p; q++) pairs[9 * (p * qubits + q) + 3 * labels[p]! + labels[q]!] = 1;
  }
  for (let p = 0; p < qubits; p++)
    for (let q = 0; q < p; q++)
      if (pairs.subarray(9 * (p * qubits + q), 9 * (p * qubits + q + 1)).includes(0)) return false;
  return qubits > 1;
}

/** The share of the shots of settings without a qubit along Z: for a GHZ state no others see coherence; (2/3)^N of random Pauli settings. */
export function coherentShare(measurements: Measurements): number {
  const { qubits, settings } = measurements;
  const shots = shotsOfSettings(measurements);
  const sees = settings.map(({ axes }) =>
    Array.from({ length: qubits }, (_, q) => q).every((q) => Math.abs(axes[3 * q + 2]!) < 1 - 1e-9),
  );
  let sum = 0;
  shots.forEach((n, s) => {
    if (sees[s]) sum += n;
  });
  return sum / measurements.setting.length;
}
