import { inputError, usageError } from "../../../error.ts";
import { defaultLimits, type ReadLimits, tooLarge } from "../../formats/format.ts";
import { type MeasurementParts, makeMeasurements } from "../make.ts";
import type { Measurements } from "../measurements.ts";
import { mirrorRows, type QubitOrder, reorder } from "../reorder.ts";
import { letters, notABasis } from "../setting.ts";

/** A file's contents and its name for messages. */
export interface NamedBytes {
  /** Contents of the file. */
  readonly bytes: Uint8Array;
  /** Its path. */
  readonly name: string;
}

/** Contents of a file of measurements, in its own order of qubits. */
export interface RawMeasurements extends MeasurementParts {
  /** Which qubit the format, or the file itself, lists first; undefined if that must be declared. */
  readonly order?: QubitOrder | undefined;
}

/** A user's declaration of the qubit order in a file. */
export interface DeclaredOrder {
  /** The position of qubit 0 in rows of bits, and in settings too unless `settingsOrder` is given. */
  readonly order?: QubitOrder | undefined;
  /** The position of qubit 0 in names and axes of settings, if it differs from that in bits. */
  readonly settingsOrder?: QubitOrder | undefined;
}

/**
 * Returns the measurements of a file, with qubit 0 first.
 *
 * @throws AnsatzError (usage) if the order matters and is not declared, and for an order that contradicts the
 * format.
 */
export function inOrder(raw: RawMeasurements, declared: DeclaredOrder, name: string): Measurements {
  const { order, settingsOrder } = declared;
  const own = order ?? raw.order ?? (raw.qubits === 1 ? "first" : undefined);
  if (own === undefined)
    throw usageError(
      `${name}: does not say which qubit it lists first; give --order last if qubit 0 is right-most, as Qiskit writes, or --order first`,
    );
  if (order !== undefined && raw.order !== undefined && order !== raw.order)
    throw usageError(`${name}: lists qubit 0 ${raw.order} by its format; leave --order out`);
  const turned =
    settingsOrder === undefined || settingsOrder === own
      ? raw.settings
      : raw.settings.map((one) =>
          typeof one === "string"
            ? [...one].reverse().join("")
            : mirrorRows(Float64Array.from(one), raw.qubits, 3),
        );
  return reorder(makeMeasurements({ ...raw, settings: turned }, name), own);
}

/** Distinct words and the place of each of `count` among them. */
export function tabled(count: number, wordOf: (i: number) => string) {
  const known = new Map<string, number>();
  const setting = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const word = wordOf(i);
    const place = known.get(word) ?? known.size;
    known.set(word, place);
    setting[i] = place;
  }
  return { setting, settings: [...known.keys()] };
}

/** The letter that names an axis, in capitals; throws an input error for any other. */
export function basisLetter(text: string, where: string): string {
  const letter = text.toUpperCase();
  if (letter.length !== 1 || !letters.includes(letter)) throw notABasis(text, where);
  return letter;
}

/** Throws an input error if shots do not fit in memory, before they are allocated. */
export function requireShots(
  shots: number,
  qubits: number,
  name: string,
  limits: ReadLimits = defaultLimits,
) {
  // Bits, the setting of each shot, and a copy of the bits.
  const bytes = shots * (2 * qubits + 4);
  if (bytes > limits.maxBytes) throw tooLarge(name, bytes, limits);
}

/** A line of a text that is neither empty nor a comment, as words between blanks or commas. */
export interface TextRow {
  /** The words of the line. */
  readonly words: readonly string[];
  /** Counted from 1. */
  readonly line: number;
}

/** The rows of a text. */
export function* textRows(bytes: Uint8Array): Generator<TextRow> {
  const decoder = new TextDecoder();
  let line = 0;
  for (let at = 0; at < bytes.length; ) {
    const found = bytes.indexOf(10, at);
    const end = found < 0 ? bytes.length : found;
    const text = decoder.decode(bytes.subarray(at, end)).trim();
    at = end + 1;
    line++;
    if (text !== "" && !text.startsWith("#")) yield { words: text.split(/[\s,]+/), line };
  }
}

/** Splits characters side by side, such as `0110` and `XXZ`, into one per qubit. */
export const apart = (words: readonly string[]): readonly string[] =>
  words.length === 1 ? [...(words[0] as string)] : words;

/** Throws an input error for a row that has another number of columns than those before. */
export function requireWidth(found: number, wanted: number, where: string): void {
  if (found !== wanted) throw inputError(`${where} has ${found} columns; the rows before it have ${wanted}`);
}
