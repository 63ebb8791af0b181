import { inputError } from "../../../error.ts";
import type { ReadLimits } from "../../formats/format.ts";
import { basisLetter, type NamedBytes, type RawMeasurements, requireShots, tabled, textRows } from "./raw.ts";

/**
 * Whether a text is one of classical shadows: its first line is one number of more than a digit of 0 and 1, or its second begins
 * with a letter.
 */
export function isShadowText(bytes: Uint8Array): boolean {
  const rows = textRows(bytes);
  const first = rows.next().value;
  const second = rows.next().value;
  return first?.words.length === 1 && /^\d+$/.test(first.words[0]!) && /^[a-z]/i.test(second?.words[0] ?? "");
}

/**
 * Measurements in the text of classical shadows (Huang, Kueng & Preskill, Nature Physics 16 (2020) 1050, its program): the first
 * line is the number of qubits, then a line for each shot with a letter and an outcome +1 or −1 for each qubit, such as `Z 1 X -1`.
 */
export function readShadows({ bytes, name }: NamedBytes, limits?: ReadLimits): RawMeasurements {
  const rows = textRows(bytes);
  const qubits = Number(rows.next().value?.words[0]);
  if (!Number.isInteger(qubits) || qubits < 1)
    throw inputError(`${name}: its first line is no number of qubits`);
  const words: string[] = [];
  const bits: number[] = [];
  for (const { words: row, line } of rows) {
    const where = `${name}: row ${words.length} (line ${line})`;
    if (row.length !== 2 * qubits)
      throw inputError(
        `${where} has ${row.length} entries; ${qubits} qubits have ${2 * qubits}, a letter and an outcome each`,
      );
    let word = "";
    for (let q = 0; q < qubits; q++) {
      word += basisLetter(row[2 * q]!, `${where}, column ${2 * q}`);
      const outcome = Number(row[2 * q + 1]);
      if (outcome !== 1 && outcome !== -1)
        throw inputError(
          `${where}, column ${2 * q + 1} is ${JSON.stringify(row[2 * q + 1])}; an outcome is 1 or -1`,
        );
      bits.push(outcome === 1 ? 0 : 1);
    }
    words.push(word);
  }
  requireShots(words.length, qubits, name, limits);
  return { qubits, bits, ...tabled(words.length, (shot) => words[shot]!), order: "first" };
}
