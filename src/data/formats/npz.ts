import { strToU8, type UnzipFileInfo, unzipSync, type Zippable, zipSync } from "fflate";
import type { NDArray } from "../../array.ts";
import { AnsatzError, inputError } from "../../error.ts";
import { formatMeta, parseMeta } from "../meta.ts";
import {
  type DataFile,
  type DataKey,
  dataKeys,
  defaultLimits,
  type Format,
  type ReadLimits,
  tooLarge,
} from "./format.ts";
import { readNpy, writeNpy } from "./npy.ts";
import { crc32, zipChecksums } from "./zip-checksum.ts";

/** Deflate packs at most 1032 bytes into one; an entry that claims more is a lie. */
const mostPacked = 1032;
const mostEntries = 10_000;

/**
 * The arrays of a NumPy `.npz` file under their known names ({@link dataKeys}) and its `meta.json`; other
 * entries are left alone. Sizes are checked before anything is inflated, checksums after. Throws input errors that
 * name the file and entry; a file with neither `x` nor `train` is refused with the names it has.
 */
export function readNpz(bytes: Uint8Array, name: string, limits: ReadLimits = defaultLimits): DataFile {
  if (bytes.length === 0) throw inputError(`${name}: the file is empty`);
  const entries: UnzipFileInfo[] = [];
  unzip(bytes, name, (entry) => {
    if (entries.push(entry) > mostEntries)
      throw inputError(`${name}: has more than ${mostEntries} entries; not a dataset`);
    return false;
  });
  const keys = entries.map((entry) => entry.name.replace(/\.npy$/, ""));
  if (!keys.includes("x") && !keys.includes("train"))
    throw inputError(
      `${name}: has no array called x or train (it has ${keys.join(", ") || "none"}); save it with np.savez(file, x=data)`,
    );
  const wanted = entries.filter((entry) => entry.name === "meta.json" || keyOf(entry) !== undefined);
  for (const entry of wanted)
    if (entry.originalSize > mostPacked * entry.size + 64)
      throw inputError(`${name}: entry ${entry.name} claims an impossible size; the file is damaged`);
  const total = wanted.reduce((sum, entry) => sum + entry.originalSize, 0);
  if (total > limits.maxBytes) throw tooLarge(name, total, limits);
  const names = new Set(wanted.map((entry) => entry.name));
  const files = unzip(bytes, name, (entry) => names.has(entry.name));
  // Of entries with one name the last is unpacked, and a map keeps the last.
  const checksums = zipChecksums(bytes);
  const expected = new Map(entries.map((entry, i) => [entry.name, checksums[i]]));
  for (const [entry, content] of Object.entries(files))
    if (crc32(content) !== expected.get(entry))
      throw inputError(`${name}: entry ${entry} does not match its checksum; the file is damaged`);
  const arrays: { [K in DataKey]?: NDArray } = {};
  for (const entry of wanted) {
    const key = keyOf(entry);
    const content = files[entry.name];
    if (key && content) arrays[key] = readNpy(content, `${name} (${key})`, limits);
    if ((key === "chain" || key === "parent") && arrays[key]) requireWhole(arrays[key], `${name} (${key})`);
  }
  const meta = files["meta.json"];
  if (!meta) return { arrays };
  return { arrays, meta: parseMeta(new TextDecoder().decode(meta), name) };
}

/** Chains and parents are numbered: NaN or a fraction would be taken for another one. */
function requireWhole({ dtype, data }: NDArray, where: string): void {
  if (dtype !== "f32" && dtype !== "f64") return;
  const at = (data as Float64Array).findIndex((value) => !Number.isInteger(value));
  if (at >= 0)
    throw inputError(`${where}: entry ${at} is ${data[at]}; chains and parents have whole numbers`);
}

function keyOf(entry: UnzipFileInfo): DataKey | undefined {
  return dataKeys.find((key) => entry.name === `${key}.npy`);
}

function unzip(bytes: Uint8Array, name: string, filter: (entry: UnzipFileInfo) => boolean) {
  try {
    return unzipSync(bytes, { filter });
  } catch (cause) {
    if (cause instanceof AnsatzError) throw cause;
    throw inputError(`${name}: not a whole .npz file (${(cause as Error).message})`, cause);
  }
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
