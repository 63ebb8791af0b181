import {
  axesSetting,
  type Measurements,
  makeMeasurements,
  pauliSetting,
  uniformConfusion,
} from "../../data/measurements/index.ts";
import { stopIfAborted } from "../../error.ts";
import { categorical } from "../../random/categorical.ts";
import { Key } from "../../random/key.ts";
import type { SettingPlan } from "./settings.ts";
import type { QubitSystem } from "./system.ts";

/** Settings and numbers of shots of a measurement. */
export interface MeasureRequest extends SettingPlan {
  /** Shots of each setting. */
  readonly shots: number;
  /** Seed of the outcomes. */
  readonly seed: number | Key;
  /** Name of the measurements. */
  readonly name: string;
  /** Whether the readout error is stored with the shots. */
  readonly isCalibrated?: boolean;
  /** Is called with the settings done so far. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops the simulation, which then throws AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
}

/** Time between two reports of progress, in milliseconds. */
const pause = 40;

/**
 * Shots of a state, each drawn exactly from Born's probabilities with noise: no chains, and nothing to equilibrate. A state that drifts
 * is turned in the second half of the settings. Outcomes of equal settings follow from the seed alone.
 */
export async function measure(system: QubitSystem, request: MeasureRequest): Promise<Measurements> {
  const { settings, shots, seed, name } = request;
  const { qubits, noise } = system;
  const key = seed instanceof Key ? seed : Key.fromSeed(seed);
  const half = Math.ceil(settings.length / 2);
  const groups = new Map<string, { setting: string | Float64Array; isTurned: boolean; places: number[] }>();
  settings.forEach((setting, place) => {
    const isTurned = noise.drift !== undefined && place >= half;
    const id = `${isTurned}:${typeof setting === "string" ? setting : setting.join()}`;
    const group = groups.get(id);
    if (group) group.places.push(place);
    else groups.set(id, { setting, isTurned, places: [place] });
  });
  const bits = new Uint8Array(settings.length * shots * qubits);
  let [done, looked] = [0, performance.now()];
  for (const { setting, isTurned, places } of groups.values()) {
    const axes = (
      typeof setting === "string" ? pauliSetting(setting, name) : axesSetting(setting, done, name)
    ).axes;
    const outcomes = categorical(key.fold(done), system.probabilities(axes, isTurned), places.length * shots);
    outcomes.forEach((outcome, i) => {
      const row = places[Math.floor(i / shots)]! * shots + (i % shots);
      for (let q = 0; q < qubits; q++) bits[row * qubits + q] = (outcome >> (qubits - 1 - q)) & 1;
    });
    done++;
    if (performance.now() - looked < pause) continue;
    request.onProgress?.(done, groups.size);
    await new Promise((resolve) => setTimeout(resolve, 0));
    stopIfAborted(request.signal, "stopped");
    looked = performance.now();
  }
  const [p0, p1] = noise.readout ?? [];
  return makeMeasurements(
    {
      qubits,
      bits,
      settings,
      setting: Uint32Array.from({ length: settings.length * shots }, (_, row) => Math.floor(row / shots)),
      ...(request.isCalibrated &&
        p0 !== undefined && { confusion: uniformConfusion(qubits, p0, p1 as number) }),
    },
    name,
  );
}
