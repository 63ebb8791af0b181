import { inputError } from "../../../error.ts";
import type { ReadLimits } from "../../formats/format.ts";
import {
  apart,
  basisLetter,
  type NamedBytes,
  type RawMeasurements,
  requireShots,
  requireWidth,
  tabled,
  textRows,
} from "./raw.ts";

/**
 * Measurements in QuCumber's text: a row of 0 and 1 for each shot, site 0 first, and in a second file `bases` a row of letters X, Y, Z
 * of the same shape; without it the setting of all shots is `settings`.
 */
export function readQucumber(
  { bytes, name }: NamedBytes,
  bases: NamedBytes | undefined,
  settings: string | undefined,
  limits?: ReadLimits,
): RawMeasurements {
  const rows = table(bytes, name, (text, where) => {
    if (text !== "0" && text !== "1")
      throw inputError(`${where} is ${JSON.stringify(text)}; an outcome is 0 or 1`);
    return Number(text);
  });
  const { qubits, count } = rows;
  requireShots(count, qubits, name, limits);
  if (!bases)
    return { qubits, bits: rows.values, ...oneSetting(settings, qubits, count, name), order: "first" };
  const words = table(bases.bytes, bases.name, basisLetter);
  requireSameShape(words, rows, bases.name, name);
  return {
    qubits,
    bits: rows.values,
    ...tabled(count, (shot) => words.values.slice(shot * qubits, (shot + 1) * qubits).join("")),
    order: "first",
  };
}

/** Returns all shots in the one setting that a user names: a letter per qubit, or one letter for all. */
export function oneSetting(settings: string | undefined, qubits: number, shots: number, name: string) {
  if (settings === undefined)
    throw inputError(
      `${name}: does not say how its qubits were measured; give the file of letters as --bases, or one setting of all shots, such as --settings Z`,
    );
  return {
    settings: [settings.length === 1 ? settings.repeat(qubits) : settings],
    setting: new Uint32Array(shots),
  };
}

/** Throws an input error unless bits and bases have one shape. */
export function requireSameShape(
  bases: { readonly qubits: number; readonly count: number },
  bits: { readonly qubits: number; readonly count: number },
  basesName: string,
  name: string,
): void {
  if (bases.count !== bits.count || bases.qubits !== bits.qubits)
    throw inputError(
      `${basesName}: has the shape [${bases.count}, ${bases.qubits}]; ${name} has [${bits.count}, ${bits.qubits}], and they must be the same`,
    );
}

function table<T>(bytes: Uint8Array, name: string, read: (text: string, where: string) => T) {
  const values: T[] = [];
  let [qubits, count] = [0, 0];
  for (const { words, line } of textRows(bytes)) {
    const columns = apart(words);
    const where = `${name}: row ${count} (line ${line})`;
    qubits ||= columns.length;
    requireWidth(columns.length, qubits, where);
    columns.forEach((text, column) => {
      values.push(read(text, `${where}, column ${column}`));
    });
    count++;
  }
  if (count === 0) throw inputError(`${name}: holds no rows`);
  return { values, qubits, count };
}
