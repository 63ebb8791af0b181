import type { Measurements } from "./measurements.ts";
import { axesSetting, isPauli } from "./setting.ts";

/** Position of qubit 0 in files: `first` (left-most) or `last` (right-most, as Qiskit does). */
export type QubitOrder = "first" | "last";

/** The same shots with the qubits in the opposite order: qubit q becomes N − 1 − q in bits, axes, names and confusion. */
export function mirrored(measurements: Measurements): Measurements {
  const { qubits, bits, settings, confusion } = measurements;
  return {
    ...measurements,
    bits: mirrorRows(bits, qubits, 1),
    settings: settings.map((setting) => {
      const axes = mirrorRows(setting.axes, qubits, 3);
      return isPauli(setting) ? axesSetting(axes, 0, setting.name) : { name: setting.name, axes };
    }),
    ...(confusion && { confusion: mirrorRows(confusion, qubits, 4) }),
  };
}

/** Measurements of a file that lists qubit 0 first or last, with qubit 0 first. */
export function reorder(measurements: Measurements, order: QubitOrder): Measurements {
  return order === "last" ? mirrored(measurements) : measurements;
}

/** Rows of `qubits` groups of `width` numbers, with the groups of each row reversed. */
export function mirrorRows<T extends Uint8Array | Float64Array>(values: T, qubits: number, width: number): T {
  const out = values.slice() as T;
  const row = qubits * width;
  for (let start = 0; start < values.length; start += row)
    for (let q = 0; q < qubits; q++)
      for (let i = 0; i < width; i++)
        out[start + q * width + i] = values[start + (qubits - 1 - q) * width + i]!;
  return out;
}
