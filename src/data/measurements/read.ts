import { usageError } from "../../error.ts";
import { makeDataset } from "../dataset.ts";
import { defaultLimits, type ReadLimits } from "../formats/format.ts";
import { readNpy } from "../formats/npy.ts";
import { holdsText, readNpyText } from "../formats/npy-text.ts";
import { readNpz } from "../formats/npz.ts";
import { openNpz } from "../formats/npz-archive.ts";
import type { DatasetMeta } from "../meta.ts";
import { readConfusion } from "./confusion.ts";
import { fromDataset } from "./dataset.ts";
import { fromPauliSix, pauliSixLetters } from "./formats/aqt.ts";
import { fromBits, fromRecipes, isMeasurementArchive, rawArchive } from "./formats/archive.ts";
import { readCounts } from "./formats/qiskit.ts";
import { readQucumber } from "./formats/qucumber.ts";
import { type DeclaredOrder, inOrder, type NamedBytes, type RawMeasurements } from "./formats/raw.ts";
import { isShadowText, readShadows } from "./formats/shadows.ts";
import type { Measurements } from "./measurements.ts";

/** What a reader of measurements needs to know beyond the file. */
export interface ReadMeasurementsOptions extends DeclaredOrder {
  /** The code of outcomes of a `.npy` that holds axis and bit in one number: `pauli6:ZXY` is AQT's. */
  readonly povm?: string | undefined;
  /** A second file with the axis of each bit: letters as text, or PennyLane's recipes as `.npy`. */
  readonly bases?: NamedBytes | undefined;
  /**
   * The single setting of all shots, for a file that holds bits alone: one letter per qubit, or one for all.
   */
  readonly settings?: string | undefined;
  /** P(bit read | true bit) as JSON, in the file's order of qubits; see `readConfusion`. */
  readonly confusion?: NamedBytes | undefined;
  /** Maximum number of bytes that may be allocated. */
  readonly limits?: ReadLimits | undefined;
}

/** Measurements, and the other metadata of their file. */
export interface MeasurementData {
  /** The shots, with qubit 0 first. */
  readonly measurements: Measurements;
  /** The system, command and seed of a file that `ansatz simulate` made. */
  readonly meta?: DatasetMeta | undefined;
}

/**
 * Measurements from a file, by its extension: `.json` counts, `.npz` arrays, `.npy` outcomes (`povm`) or bits, text of QuCumber or of
 * classical shadows.
 *
 * @throws AnsatzError: input for damaged files, with file, row and column; usage for an order that is not declared, and for options
 * that the file has no use for.
 */
export function readMeasurements(file: NamedBytes, options: ReadMeasurementsOptions = {}): MeasurementData {
  const { name, bytes } = file;
  const limits = options.limits ?? defaultLimits;
  const extension = /\.[^./\\]+$/.exec(name)?.[0].toLowerCase() ?? "";
  if (extension === ".npz") {
    refuse(options, ["povm", "bases", "settings"], name, "an .npz says itself how its bits were measured");
    const archive = openNpz(bytes, name);
    if (!isMeasurementArchive(archive.keys)) return fromRows(file, options, limits);
    const { raw, meta } = rawArchive(archive, name, limits);
    return { measurements: finish(raw, options, name), meta };
  }
  return { measurements: finish(rawOf(file, extension, options, limits), options, name) };
}

/** Reads rows of a dataset's file with the setting as context: qubit 0 is the first column. */
function fromRows({ bytes, name }: NamedBytes, options: ReadMeasurementsOptions, limits: ReadLimits) {
  refuse(options, ["order", "settingsOrder", "confusion"], name, "rows of a dataset have qubit 0 first");
  const dataset = makeDataset(readNpz(bytes, name, limits), name);
  return { measurements: fromDataset(dataset), meta: dataset.meta };
}

function rawOf(
  file: NamedBytes,
  extension: string,
  options: ReadMeasurementsOptions,
  limits: ReadLimits,
): RawMeasurements {
  const { bytes, name } = file;
  const { povm, bases, settings } = options;
  if (bases && settings !== undefined)
    throw usageError("--bases and --settings both say how the qubits were measured; give one of them");
  if (extension === ".json") {
    refuse(options, ["povm", "bases", "settings"], name, "counts are of the settings that they name");
    return readCounts(file, limits);
  }
  if (extension === ".npy") {
    const array = readNpy(bytes, name, limits);
    if (povm !== undefined) {
      refuse(options, ["bases", "settings"], name, "outcomes of --povm say how they were measured");
      return fromPauliSix(array, pauliSixLetters(povm), name);
    }
    if (!bases) return fromBits(array, settings, name);
    if (!/\.npy$/i.test(bases.name))
      throw usageError(`--bases: of ${name} is a .npy file too, not ${bases.name}`);
    if (!holdsText(bases.bytes, bases.name))
      return fromRecipes(array, readNpy(bases.bytes, bases.name, limits), name, bases.name);
    const { words, shape } = readNpyText(bases.bytes, bases.name);
    const qubits = array.shape[1] ?? 0;
    const isOfWords = shape.length === 1;
    return {
      ...fromBits(array, "Z", name),
      settings: isOfWords
        ? words
        : Array.from({ length: words.length / (qubits || 1) }, (_, s) =>
            words.slice(s * qubits, (s + 1) * qubits).join(""),
          ),
      setting: undefined,
    };
  }
  refuse(options, ["povm"], name, "it is for .npy files");
  if (isShadowText(bytes)) {
    refuse(options, ["bases", "settings"], name, "shadows name the axis of each bit");
    return readShadows(file, limits);
  }
  return readQucumber(file, bases, settings, limits);
}

function finish(raw: RawMeasurements, options: ReadMeasurementsOptions, name: string): Measurements {
  const { confusion } = options;
  if (!confusion) return inOrder(raw, options, name);
  const text = new TextDecoder().decode(confusion.bytes);
  return inOrder({ ...raw, confusion: readConfusion(text, raw.qubits, confusion.name) }, options, name);
}

/** Throws a usage error for options that the file already answers. */
function refuse(
  options: ReadMeasurementsOptions,
  names: readonly (keyof ReadMeasurementsOptions)[],
  name: string,
  why: string,
): void {
  const given = names.find((one) => options[one] !== undefined);
  if (given !== undefined)
    throw usageError(
      `--${given === "settingsOrder" ? "settings-order" : given}: ${name}: ${why}; leave it out`,
    );
}
