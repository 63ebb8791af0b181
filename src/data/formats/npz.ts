import { strToU8, type Zippable, zipSync } from "fflate";
import type { NDArray } from "../../array.ts";
import { inputError } from "../../error.ts";
import { isMeasurementArchive, readMeasurementArchive } from "../measurements/formats/archive.ts";
import { formatMeta, parseMeta } from "../meta.ts";
import {
  type DataFile,
  type DataKey,
  dataKeys,
  defaultLimits,
  type Format,
  type ReadLimits,
} from "./format.ts";
import { readNpy, writeNpy } from "./npy.ts";
import { openNpz } from "./npz-archive.ts";

/**
 * Reads the arrays of a NumPy `.npz` file with known names ({@link dataKeys}) and its `meta.json`; ignores
 * other entries. Sizes are checked before anything is inflated, checksums after. Throws input errors that
 * name the file and entry; a file with neither `x` nor `train` is refused, listing its names, unless it holds
 * measurements.
 */
export function readNpz(bytes: Uint8Array, name: string, limits: ReadLimits = defaultLimits): DataFile {
  const archive = openNpz(bytes, name);
  const { keys } = archive;
  if (!keys.includes("x") && !keys.includes("train")) {
    if (isMeasurementArchive(keys)) return readMeasurementArchive(archive, name, limits);
    throw inputError(
      `${name}: has no array called x or train (it has ${keys.join(", ") || "none"}); save it with np.savez(file, x=data)`,
    );
  }
  const files = archive.unpack((entry) => entry === "meta.json" || keyOf(entry) !== undefined, limits);
  const arrays: { [K in DataKey]?: NDArray } = {};
  for (const [entry, content] of files) {
    const key = keyOf(entry);
    if (!key) continue;
    arrays[key] = readNpy(content, `${name} (${key})`, limits);
    if ((key === "chain" || key === "parent") && arrays[key]) requireWhole(arrays[key], `${name} (${key})`);
  }
  const meta = files.get("meta.json");
  if (!meta) return { arrays };
  return { arrays, meta: parseMeta(new TextDecoder().decode(meta), name) };
}

/** Chains and parents must be whole numbers: NaN or a fraction would be mistaken for another one. */
function requireWhole({ dtype, data }: NDArray, where: string): void {
  if (dtype !== "f32" && dtype !== "f64") return;
  const at = (data as Float64Array).findIndex((value) => !Number.isInteger(value));
  if (at >= 0)
    throw inputError(`${where}: entry ${at} is ${data[at]}; chains and parents have whole numbers`);
}

function keyOf(entry: string): DataKey | undefined {
  return dataKeys.find((key) => entry === `${key}.npy`);
}

/** The bytes of an `.npz` file holding `file`; the same input gives the same bytes. */
export function writeNpz(file: DataFile): Uint8Array {
  const entries: Zippable = {};
  const named = [
    ...dataKeys.map((key) => [key, file.arrays[key]] as const),
    ...Object.entries(file.beside ?? {}),
  ];
  for (const [key, array] of named) {
    // Floating-point noise hardly packs; do not spend time on it. Of spins level 6 packs a tenth more in four times the time.
    const level = array?.dtype === "f32" || array?.dtype === "f64" ? 0 : 4;
    if (array) entries[`${key}.npy`] = [writeNpy(array), { level }];
  }
  if (file.meta) entries["meta.json"] = strToU8(formatMeta(file.meta));
  return zipSync(entries, { mtime: new Date(1980, 0, 1) });
}

/** NumPy's `.npz`: named arrays and a `meta.json`. */
export const npz: Format = { extensions: [".npz"], read: readNpz, write: writeNpz };
