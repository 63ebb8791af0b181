import { type UnzipFileInfo, unzipSync } from "fflate";
import { AnsatzError, inputError } from "../../error.ts";
import { type ReadLimits, tooLarge } from "./format.ts";
import { crc32, zipChecksums } from "./zip-checksum.ts";

/** Deflate packs at most 1032 bytes into one; an entry that claims more is a lie. */
const mostPacked = 1032;
const mostEntries = 10_000;

/** The entries of an `.npz` file, each unpacked only on request. */
export interface NpzArchive {
  /** Names of all entries, without `.npy`. */
  readonly keys: readonly string[];
  /**
   * The contents of those entries that `isWanted` takes by their full name, such as `x.npy`. Sizes are checked before anything is
   * inflated, checksums after; throws input errors that name the file and entry.
   */
  unpack(isWanted: (entry: string) => boolean, limits: ReadLimits): ReadonlyMap<string, Uint8Array>;
}

/** Opens an `.npz` file; throws input errors for one that is empty, no zip file, or has more than 10,000 entries. */
export function openNpz(bytes: Uint8Array, name: string): NpzArchive {
  if (bytes.length === 0) throw inputError(`${name}: the file is empty`);
  const entries: UnzipFileInfo[] = [];
  unzip(bytes, name, (entry) => {
    if (entries.push(entry) > mostEntries)
      throw inputError(`${name}: has more than ${mostEntries} entries; not a dataset`);
    return false;
  });
  return {
    keys: entries.map((entry) => entry.name.replace(/\.npy$/, "")),
    unpack: (isWanted, limits) => unpack(bytes, name, entries, isWanted, limits),
  };
}

function unpack(
  bytes: Uint8Array,
  name: string,
  entries: readonly UnzipFileInfo[],
  isWanted: (entry: string) => boolean,
  limits: ReadLimits,
): ReadonlyMap<string, Uint8Array> {
  const wanted = entries.filter((entry) => isWanted(entry.name));
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
  return new Map(Object.entries(files));
}

function unzip(bytes: Uint8Array, name: string, filter: (entry: UnzipFileInfo) => boolean) {
  try {
    return unzipSync(bytes, { filter });
  } catch (cause) {
    if (cause instanceof AnsatzError) throw cause;
    throw inputError(`${name}: not a whole .npz file (${(cause as Error).message})`, cause);
  }
}
