import { inputError } from "../../error.ts";
import { makeMeasurements } from "./make.ts";
import type { Measurements } from "./measurements.ts";
import { isPauli } from "./setting.ts";

/**
 * The shots of several files as one, in their order; settings with equal axes are one.
 *
 * @throws AnsatzError (input) for other numbers of qubits than in the first, and for another readout confusion.
 */
export function joinMeasurements(all: readonly Measurements[]): Measurements {
  const [first, ...rest] = all as [Measurements, ...Measurements[]];
  if (rest.length === 0) return first;
  const { qubits, confusion } = first;
  for (const other of rest) {
    if (other.qubits !== qubits)
      throw inputError(
        `${other.name}: the number of qubits is ${other.qubits}; that of ${first.name} is ${qubits}`,
      );
    if (String(other.confusion) !== String(confusion))
      throw inputError(
        `${other.name}: has another readout confusion than ${first.name}; shots of one state have one`,
      );
  }
  const starts = all.map((_, k) => all.slice(0, k).reduce((sum, { settings }) => sum + settings.length, 0));
  const bits = new Uint8Array(all.reduce((sum, own) => sum + own.bits.length, 0));
  const setting = new Uint32Array(bits.length / qubits);
  let at = 0;
  all.forEach((own, k) => {
    bits.set(own.bits, at * qubits);
    own.setting.forEach((s, shot) => {
      setting[at + shot] = starts[k]! + s;
    });
    at += own.setting.length;
  });
  const settings = all.flatMap((own) => own.settings.map((one) => (isPauli(one) ? one.name : one.axes)));
  return makeMeasurements(
    { qubits, bits, setting, settings, confusion },
    all.map(({ name }) => name).join(" + "),
  );
}
