import { inputError } from "../../../error.ts";
import type { ReadLimits } from "../../formats/format.ts";
import { bitsOf, countsIn, parseCounts } from "./count-json.ts";
import { basisLetter, type NamedBytes, type RawMeasurements, requireShots } from "./raw.ts";

/**
 * Reads measurements as counts in JSON: `{"XZ": {"00": 12, "0x3": 4}, ...}`, setting → {bits or hexadecimal
 * number: count}. Settings may be in any case, with blanks or as Python's tuples (`('X', 'Z')`); blanks
 * between registers in bits are ignored. The file does not record which qubit comes first: Qiskit's is
 * right-most in bits.
 */
export function readCounts(file: NamedBytes, limits?: ReadLimits): RawMeasurements {
  const { name } = file;
  const settings: string[] = [];
  const found: { readonly setting: number; readonly word: string; readonly count: number }[] = [];
  let [qubits, shots] = [0, 0];
  for (const [key, counts] of Object.entries(parseCounts(file))) {
    const letters = key.replace(/[\s()[\],'"]/g, "");
    const where = `${name}: setting ${JSON.stringify(key)}`;
    if (letters === "") throw inputError(`${where} names no axes; give a letter a qubit, such as "XZ"`);
    const setting = settings.push([...letters].map((letter) => basisLetter(letter, where)).join("")) - 1;
    qubits ||= letters.length;
    if (letters.length !== qubits)
      throw inputError(`${where} has ${letters.length} letters; the settings before it have ${qubits}`);
    for (const { outcome, count, at } of countsIn(counts, where)) {
      found.push({ setting, word: bitsOf(outcome, qubits, at), count });
      shots += count;
    }
  }
  if (settings.length === 0) throw inputError(`${name}: holds no settings`);
  requireShots(shots, qubits, name, limits);
  const bits = new Uint8Array(shots * qubits);
  const setting = new Uint32Array(shots);
  let shot = 0;
  for (const { setting: s, word, count } of found) {
    const row = Uint8Array.from(word, Number);
    for (let k = 0; k < count; k++, shot++) {
      bits.set(row, shot * qubits);
      setting[shot] = s;
    }
  }
  return { qubits, bits, setting, settings };
}
