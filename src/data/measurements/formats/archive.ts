import { type NDArray, sizeOf } from "../../../array.ts";
import { inputError } from "../../../error.ts";
import type { DataFile, ReadLimits } from "../../formats/format.ts";
import { readNpy } from "../../formats/npy.ts";
import { holdsText, readNpyText, type TextArray } from "../../formats/npy-text.ts";
import type { NpzArchive } from "../../formats/npz-archive.ts";
import { type DatasetMeta, parseMeta } from "../../meta.ts";
import { numbers } from "../../values.ts";
import { measurementFile } from "../data-file.ts";
import type { QubitOrder } from "../reorder.ts";
import { letters } from "../setting.ts";
import { requireTable } from "./aqt.ts";
import { unpacked } from "./packed.ts";
import { oneSetting, requireSameShape } from "./qucumber.ts";
import { inOrder, type RawMeasurements, requireShots, tabled } from "./raw.ts";

/** Whether the entries of an `.npz` are measurements: `bits` with `settings` or `recipes`, or an array for each Pauli setting. */
export function isMeasurementArchive(keys: readonly string[]): boolean {
  return (
    (keys.includes("bits") && (keys.includes("settings") || keys.includes("recipes"))) || isBySetting(keys)
  );
}

/** Entries that accompany one array per setting. */
const besides = ["order", "confusion", "meta.json", "num_bits"];

function isBySetting(keys: readonly string[]): boolean {
  const own = keys.filter((key) => !besides.includes(key));
  const length = own[0]?.length ?? 0;
  const areWords = own.every((key) => /^[XYZ]+$/.test(key) && key.length === length);
  // Arrays called X and Y alone are more often features and labels.
  return own.length > 0 && areWords && (length > 1 || own.includes("Z"));
}

/** Returns the rows and contexts of an `.npz` of measurements, and its metadata; see {@link rawArchive}. */
export function readMeasurementArchive(archive: NpzArchive, name: string, limits: ReadLimits): DataFile {
  const { raw, meta } = rawArchive(archive, name, limits);
  // Who reads rows has no option for it.
  if (raw.order === undefined && raw.qubits > 1)
    throw inputError(
      `${name}: does not say which qubit it lists first; write it anew by ansatz label ${name} --order last --out NEW.npz, or --order first`,
    );
  return measurementFile(inOrder(raw, {}, name), meta);
}

/**
 * Reads measurements from an `.npz`, by the names of its arrays. Either `bits`, `[shots, N]` with a setting
 * for each or [settings, shots, N], and `settings`, words of letters or axes [..., N, 3], with `setting`, the
 * index of each shot's setting; or `bits` and `recipes` of the same shape, PennyLane's shadows (X 0, Y 1, Z
 * 2); or an array `[shots, N]` per setting, named by it. Optional: `order`, `first` or `last`; `confusion`
 * [N, 2, 2]; `num_bits`, if `bits` are packed in bytes: see {@link unpacked}.
 */
export function rawArchive(
  archive: NpzArchive,
  name: string,
  limits: ReadLimits,
): { readonly raw: RawMeasurements; readonly meta: DatasetMeta | undefined } {
  const files = archive.unpack(() => true, limits);
  const file = (key: string) => files.get(`${key}.npy`);
  const array = (key: string) => {
    const bytes = file(key);
    return bytes && readNpy(bytes, `${name} (${key})`, limits);
  };
  const said = files.get("meta.json");
  const settings = file("settings");
  const confusion = array("confusion");
  const bitCount = array("num_bits");
  const bits = () =>
    bitCount ? unpacked(array("bits")!, bitCount, `${name} (bits)`, limits) : array("bits")!;
  const order = orderOf(file("order"), name);
  const raw = isBySetting(archive.keys)
    ? bySetting(
        archive.keys.filter((key) => !besides.includes(key)).map((key) => [key, array(key)!] as const),
        name,
        limits,
      )
    : settings
      ? ofSettings(bits(), settings, array("setting"), name, limits)
      : fromRecipes(bits(), array("recipes")!, `${name} (bits)`, `${name} (recipes)`);
  return {
    raw: {
      ...raw,
      order: order ?? raw.order,
      ...(confusion && { confusion: numbers(confusion) }),
    },
    meta: said && parseMeta(new TextDecoder().decode(said), name),
  };
}

function orderOf(bytes: Uint8Array | undefined, name: string): QubitOrder | undefined {
  if (!bytes) return undefined;
  const [word] = readNpyText(bytes, `${name} (order)`).words;
  if (word === "first" || word === "last") return word;
  throw inputError(`${name} (order): is '${word}'; the order of qubits is first or last`);
}

/** PennyLane's classical shadows: bits and recipes `[shots, N]`, recipes 0 for X, 1 for Y, 2 for Z. */
export function fromRecipes(bits: NDArray, recipes: NDArray, name: string, other: string): RawMeasurements {
  const [count, qubits] = requireTable(bits, name, "bits [shots, qubits]");
  const [shots, axes] = requireTable(recipes, other, "recipes [shots, qubits]");
  requireSameShape({ count: shots, qubits: axes }, { count, qubits }, other, name);
  const labels = numbers(recipes);
  const wrong = labels.findIndex((label: number) => label !== 0 && label !== 1 && label !== 2);
  if (wrong >= 0)
    throw inputError(
      `${other}: row ${Math.floor(wrong / qubits)}, column ${wrong % qubits} is ${labels[wrong]}; a recipe is 0 (X), 1 (Y) or 2 (Z)`,
    );
  const wordOf = (shot: number) => {
    let word = "";
    for (let q = 0; q < qubits; q++) word += letters[labels[shot * qubits + q]!];
    return word;
  };
  return { qubits, bits: numbers(bits), ...tabled(count, wordOf), order: "first" };
}

/** Bits `[shots, N]` of one setting of all shots, or of a file of text with one for each. */
export function fromBits(bits: NDArray, settings: string | undefined, name: string): RawMeasurements {
  const [shots, qubits] = requireTable(bits, name, "bits [shots, qubits]");
  return { qubits, bits: numbers(bits), ...oneSetting(settings, qubits, shots, name) };
}

function bySetting(
  arrays: readonly (readonly [word: string, bits: NDArray])[],
  name: string,
  limits: ReadLimits,
): RawMeasurements {
  const qubits = arrays[0]![0].length;
  const shots = arrays.map(([word, { shape }]) => {
    if (shape.length !== 2 || shape[1] !== qubits)
      throw inputError(
        `${name} (${word}): has the shape [${shape.join(", ")}]; the setting ${word} has shots of ${qubits} bits, [shots, ${qubits}]`,
      );
    return shape[0]!;
  });
  const total = shots.reduce((sum, n) => sum + n, 0);
  requireShots(total, qubits, name, limits);
  const bits = new Float64Array(total * qubits);
  const setting = new Uint32Array(total);
  let at = 0;
  arrays.forEach(([, array], s) => {
    bits.set(numbers(array), at * qubits);
    setting.fill(s, at, at + shots[s]!);
    at += shots[s]!;
  });
  return { qubits, bits, setting, settings: arrays.map(([word]) => word) };
}

function ofSettings(
  array: NDArray,
  settingsFile: Uint8Array,
  index: NDArray | undefined,
  name: string,
  limits: ReadLimits,
): RawMeasurements {
  const where = `${name} (bits)`;
  const { shape } = array;
  if (shape.length < 2 || shape.length > 3 || sizeOf(shape) === 0)
    throw inputError(
      `${where}: has the shape [${shape.join(", ")}]; bits are [shots, qubits], or [settings, shots, qubits]`,
    );
  const qubits = shape.at(-1)!;
  const shots = sizeOf(shape) / qubits;
  requireShots(shots, qubits, name, limits);
  const settings = settingsOf(settingsFile, qubits, `${name} (settings)`, limits);
  return {
    qubits,
    bits: numbers(array),
    settings,
    setting: index
      ? numbers(index)
      : Uint32Array.from({ length: shots }, placeOf(shape, settings.length, `${name} (settings)`)),
  };
}

/** Which setting a shot is of, by the shape of the bits. */
function placeOf(
  shape: readonly number[],
  settings: number,
  name: string,
): (_: unknown, shot: number) => number {
  const [rows = 0, each = 0] = shape;
  if (settings !== rows && !(settings === 1 && shape.length === 2))
    throw inputError(
      `${name}: has ${settings} settings; bits of shape [${shape.join(", ")}] need ${rows}, or an array 'setting' with the place of each shot's`,
    );
  if (settings === 1 && shape.length === 2) return () => 0;
  return shape.length === 2 ? (_, shot) => shot : (_, shot) => Math.floor(shot / each);
}

/** Settings as words, or as axes [N, 3]. */
function settingsOf(
  bytes: Uint8Array,
  qubits: number,
  name: string,
  limits: ReadLimits,
): (string | Float64Array)[] {
  if (holdsText(bytes, name)) return wordsOf(readNpyText(bytes, name), qubits, name);
  const array = readNpy(bytes, name, limits);
  const { shape } = array;
  if (shape.length < 2 || shape.at(-1) !== 3 || shape.at(-2) !== qubits)
    throw inputError(
      `${name}: are numbers of shape [${shape.join(", ")}]; settings are words of letters, such as XZ, or axes [settings, ${qubits}, 3]`,
    );
  const values = Float64Array.from(numbers(array));
  return Array.from({ length: values.length / (3 * qubits) }, (_, s) =>
    values.slice(3 * qubits * s, 3 * qubits * (s + 1)),
  );
}

function wordsOf({ words, shape }: TextArray, qubits: number, name: string): string[] {
  // A letter an element: joined along the last axis.
  if (shape.at(-1) === qubits && shape.length > 1 && words.every((word) => word.length <= 1))
    return Array.from({ length: words.length / qubits }, (_, s) =>
      words.slice(s * qubits, (s + 1) * qubits).join(""),
    );
  const wrong = words.findIndex((word) => word.length !== qubits);
  if (wrong >= 0)
    throw inputError(
      `${name}: setting ${wrong} is '${words[wrong]}', of ${words[wrong]!.length} letters; bits have ${qubits} qubits`,
    );
  return [...words];
}
