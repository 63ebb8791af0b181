import { bytesIn, type NDArray, ndarray, type StorageType, sizeOf, takeRows } from "../array.ts";
import { inputError, usageError } from "../error.ts";
import { Key } from "../random/key.ts";
import { contextOf, contextSpaceOf } from "./context.ts";
import { type Encoding, encode, findEncoding, inferEncoding, plainEncoding } from "./encoding.ts";
import type { DataFile } from "./formats/format.ts";
import { readMask } from "./mask.ts";
import type { DatasetMeta } from "./meta.ts";
import { columnOffsets, requireSinglePrecision, subtractOffsets, takesOffsets } from "./offset.ts";
import {
  type ChainRows,
  chainIdsOf,
  type DatasetOrder,
  orderOf,
  type RowsRequest,
  spacingOf,
} from "./order/dataset-order.ts";
import { binary, parseSpace, type Space, siteShape } from "./space.ts";
import {
  blockSplits,
  chainSplits,
  holdOut,
  holdOutBlocks,
  randomSplits,
  range,
  type SplitName,
  type Splits,
} from "./splits.ts";
import { numbers } from "./values.ts";

/** Rows of one space, checked, with the parts they are split into. */
export interface Dataset {
  /** Where the rows came from: a file's name, or a command. */
  readonly name: string;
  /** [rows, ...sites], dtype `storageOf(space)`. */
  readonly x: NDArray;
  /** What one row is: the kind of its sites and their shape. */
  readonly space: Space;
  /** How the source writes binary values, to be used on the way out. */
  readonly encoding: Encoding;
  /** The row numbers of the training, validation and test parts. */
  readonly splits: Splits;
  /**
   * What was subtracted from each column of the rows, in double precision, so that single precision keeps their digits (see
   * `columnOffsets`): a file holds x plus this. A density is unchanged by it.
   */
  readonly offset?: Float64Array;
  /** [rows, ...], `f32` or `i32`: what each row is conditioned on. */
  readonly context?: NDArray;
  /** What a context is; real numbers where the file says nothing else. */
  readonly contextSpace?: Space;
  /** [rows, ...sites], `bool`: true where the site is known. */
  readonly mask?: NDArray;
  /** The Markov chain each row belongs to. */
  readonly chain?: Int32Array;
  /** What the order of rows showed, or was said to be, where the file names no chains. */
  readonly order?: DatasetOrder;
  /**
   * What the file says of itself (`meta.json`): the system it was drawn from, its seed, its chains. Absent if it says
   * nothing.
   */
  readonly meta?: DatasetMeta;
}

/** What the reader of a data file may know beyond the file. */
export interface DatasetOptions {
  /** A space, or its name as `parseSpace` reads it; found from the values where left out. */
  readonly space?: string | Space | undefined;
  /** The space of the contexts, or its name; where left out what the file says of them, else real numbers. */
  readonly contextSpace?: string | Space | undefined;
  /** The shape of one row's sites, where the file holds rows flat: `[28, 28]`. */
  readonly shape?: readonly number[] | undefined;
  /** How rows depend on one another, as `RowsRequest` says; found from their order where left out. */
  readonly rows?: RowsRequest | undefined;
  /** Seed of the splits; 0 where left out. */
  readonly seed?: number | undefined;
  /** What to subtract from each column; nothing if empty. Found from the values where left out. */
  readonly offset?: readonly number[] | undefined;
  /** The names of the splits' own files, for error messages. */
  readonly names?: { readonly [P in SplitName]?: string | undefined } | undefined;
}

/**
 * A dataset from decoded arrays: checks and encodes the rows, and splits them. Rows that came split (`train`,
 * `valid`, `test`) stay so, a missing `valid` being a tenth of `train`; rows with a `chain`, or whose meta speaks
 * of one, are split by chain, and so are rows whose order shows that they are of one (`findRowOrder`); others 80/10/10 by
 * seed. `order` says what was found. Throws input errors that name the file, row and value.
 */
export function makeDataset(file: DataFile, name: string, options: DatasetOptions = {}): Dataset {
  const { meta } = file;
  const arrays = apart(file, name);
  const given = (["train", "valid", "test"] as const).flatMap((part) => {
    const raw = arrays[part];
    return raw ? [{ part, raw, name: options.names?.[part] ?? `${name} (${part})` }] : [];
  });
  const parts = given.length > 0 ? given : arrays.x ? [{ part: "train" as const, raw: arrays.x, name }] : [];
  for (const { raw, name } of parts) checkRows(raw, name);
  const { space, encoding } = resolveSpace(parts, options, meta);
  // A space that comes as such is a model's or a program's: what a file holds cannot change it.
  const fixed = typeof options.space === "object";
  const offset = offsetOf(parts, space, options, meta);
  const rawOf = ({ raw }: Part) => (offset ? subtractOffsets(raw, offset) : raw);
  const x = concat(parts.map((part) => encode(rawOf(part), space, encoding, part.name, fixed)));
  const rows = x.shape[0] as number;
  const key = Key.fromSeed(options.seed ?? 0);
  const stored = options.rows === "independent" ? undefined : chainIds(arrays.chain, meta, rows, name);
  if (!fixed)
    for (const key of ["context", "train_context", "valid_context", "test_context"] as const)
      if (arrays[key])
        requireSinglePrecision(arrays[key], `${name} (${key})`, "subtract one from the context before");
  const context = contextOf(
    arrays,
    parts.map((part) => [part.part, part.raw.shape[0] as number]),
    name,
  );
  const contextSpace = context && contextSpaceOf(context, options.contextSpace ?? meta?.context, name);
  const sizes = parts.map((part) => part.raw.shape[0] as number);
  const isGiven = given.length > 0;
  const order = stored
    ? undefined
    : orderOf({ x, space, context }, sizes, {
        name,
        isGiven,
        ...(options.rows && { request: options.rows }),
      });
  const found = order?.rows === "chain" ? order : undefined;
  const chain = stored ?? (found && chainIdsOf(found, sizes, context));
  const sites = (parts[0] as Part).raw.shape.slice(1);
  const mask = arrays.mask && readMask(arrays.mask, { raw: [rows, ...sites], shape: x.shape }, name);
  return {
    name,
    x,
    space,
    encoding,
    splits: isGiven
      ? givenSplits(parts, key, found && chain ? { found, chain } : undefined)
      : found && chain
        ? foundSplits(found, chain, key)
        : chain
          ? chainSplits(chain, key, meta?.chain)
          : randomSplits(rows, key),
    ...(offset && { offset }),
    ...(context && { context }),
    ...(contextSpace && { contextSpace }),
    ...(mask && { mask }),
    ...(chain && { chain }),
    ...(order && { order }),
    ...(meta && { meta }),
  };
}

/** What is subtracted from columns: as asked, else what their digits need. A system's fields are kept as they are. */
function offsetOf(
  parts: readonly Part[],
  space: Space,
  options: DatasetOptions,
  meta: DatasetMeta | undefined,
): Float64Array | undefined {
  const { offset } = options;
  if (offset) return offset.length > 0 ? Float64Array.from(offset) : undefined;
  const raw = parts.map((part) => part.raw);
  if (typeof options.space !== "object" && space.kind === "real" && space.bounds && !space.levels)
    for (const part of parts)
      requireSinglePrecision(part.raw, part.name, "leave out the bounds (--space real)");
  return takesOffsets(space) && !meta?.system ? columnOffsets(raw) : undefined;
}

/** The arrays of a file, completions of one row taken as a row each; throws an input error for rows that come twice. */
function apart({ arrays, meta }: DataFile, name: string): DataFile["arrays"] {
  for (const [whole, suffix] of [
    ["x", ""],
    ["context", "_context"],
  ] as const) {
    const part = (["train", "valid", "test"] as const).find((split) => arrays[`${split}${suffix}`]);
    if (arrays[whole] && part)
      throw inputError(
        `${name}: has both ${whole} and ${part}${suffix}; save the rows in one piece or split, not both`,
      );
  }
  const { x } = arrays;
  if (!x || meta?.completions === undefined) return arrays;
  const [rows = 0, each, ...sites] = x.shape;
  if (each !== meta.completions)
    throw inputError(
      `${name}: has shape [${x.shape.join(", ")}]; by its meta.json each row has ${meta.completions} completions`,
    );
  return { ...arrays, x: { ...x, shape: [rows * each, ...sites] } as NDArray };
}

interface Part {
  readonly part: SplitName;
  readonly raw: NDArray;
  readonly name: string;
}

function checkRows(raw: NDArray, name: string): void {
  const shape = `[${raw.shape.join(", ")}]`;
  if (raw.shape.length < 2)
    throw inputError(`${name}: has shape ${shape}; data is [rows, ...sites] (reshape it to rows first)`);
  if (sizeOf(raw.shape) === 0) throw inputError(`${name}: has shape ${shape}, which holds no values`);
}

function resolveSpace(
  parts: readonly Part[],
  options: DatasetOptions,
  meta: DatasetMeta | undefined,
): { space: Space; encoding: Encoding } {
  const [first, ...others] = parts;
  if (!first) throw usageError("a dataset needs the array x, or train");
  const sites = sizeOf(first.raw.shape.slice(1));
  for (const { raw, name } of others)
    if (sizeOf(raw.shape.slice(1)) !== sites)
      throw inputError(
        `${name}: rows have ${sizeOf(raw.shape.slice(1))} sites; those of ${first.name} have ${sites}`,
      );
  const asked = options.space ?? meta?.space;
  const known = typeof asked === "object" ? asked : meta?.space;
  const shape = options.shape ?? (known ? siteShape(known) : first.raw.shape.slice(1));
  if (sizeOf(shape) !== sites)
    throw inputError(
      `${first.name}: rows have ${sites} sites; the shape ${shape.join("x")} has ${sizeOf(shape)}`,
    );
  if (asked === undefined) {
    const found = parts.map((part) => inferEncoding(part.raw, part.name));
    return { space: binary(shape), encoding: common(parts, found) };
  }
  const named = typeof asked === "string" ? parseSpace(asked, shape) : asked;
  const space: Space = named.kind === "sequence" ? named : { ...named, shape };
  if (meta && options.space === undefined) return { space, encoding: meta.encoding };
  if (space.kind !== "binary") return { space, encoding: plainEncoding(space) };
  return {
    space,
    encoding: common(
      parts,
      parts.map((part) => findEncoding(part.raw)),
    ),
  };
}

/** The one encoding of all parts; those of 1s alone have either. */
function common(parts: readonly Part[], found: readonly ("01" | "pm1" | undefined)[]): "01" | "pm1" {
  const bits = found.indexOf("01");
  const spins = found.indexOf("pm1");
  if (bits >= 0 && spins >= 0)
    throw inputError(
      `${parts[spins]?.name}: holds spins of -1 and +1, but ${parts[bits]?.name} holds 0s and 1s; write both alike`,
    );
  return spins >= 0 ? "pm1" : "01";
}

/** Splits of rows that are found to be chains: those side by side whole, as any others; within equal contexts by time. */
function foundSplits(found: ChainRows, chain: Int32Array, key: Key): Splits {
  const isByContext = chain.some((id) => id >= found.chains);
  return isByContext ? blockSplits(chain, spacingOf(found)) : chainSplits(chain, key, spacingOf(found));
}

function givenSplits(
  parts: readonly Part[],
  key: Key,
  chains?: { readonly found: ChainRows; readonly chain: Int32Array },
): Splits {
  let end = 0;
  const rows = { train: range(0, 0), valid: range(0, 0), test: range(0, 0) };
  for (const { part, raw } of parts) {
    const start = end;
    end += raw.shape[0] as number;
    rows[part] = range(start, end);
  }
  const by = "given";
  const how = `given: ${parts.map((part) => part.part).join(", ")}`;
  if (rows.valid.length > 0) return { ...rows, by, how };
  const { kept, held } = chains
    ? holdOutBlocks(chains.chain.subarray(0, rows.train.length), spacingOf(chains.found))
    : holdOut(rows.train, key);
  const tenth = chains ? "the last tenth of train" : "a tenth of train at random";
  return {
    train: kept,
    valid: held,
    test: rows.test,
    by,
    how: `${how}; valid is ${tenth}`,
  };
}

/** The chain of each row; `array` has one entry a row, or one for each block of equally many rows. */
function chainIds(
  array: NDArray | undefined,
  meta: DatasetMeta | undefined,
  rows: number,
  name: string,
): Int32Array | undefined {
  // Without ids, rows of a chain (or of several, side by side or one after the other) are cut as one sequence.
  if (!array) return meta?.chain ? new Int32Array(rows) : undefined;
  const ids = numbers(array);
  const block = rows / ids.length;
  if (array.shape.length !== 1 || !Number.isInteger(block))
    throw inputError(
      `${name}: chain has shape [${array.shape.join(", ")}]; give one entry for each of the ${rows} rows`,
    );
  return Int32Array.from({ length: rows }, (_, r) => ids[Math.floor(r / block)] as number);
}

function concat(parts: readonly NDArray[]): NDArray {
  const first = parts[0] as NDArray;
  return parts.length === 1 ? first : concatRows(parts, first.dtype);
}

function concatRows<D extends StorageType>(parts: readonly NDArray[], dtype: D): NDArray<D> {
  const rows = parts.reduce((sum, part) => sum + (part.shape[0] as number), 0);
  const shape = [rows, ...(parts[0] as NDArray).shape.slice(1)];
  const out = ndarray(dtype, shape);
  const bytes = new Uint8Array(out.data.buffer);
  let at = 0;
  for (const { data } of parts) {
    bytes.set(bytesIn(data), at);
    at += data.byteLength;
  }
  return out;
}

/** The rows of one part of a dataset, [rows, ...sites], copied; throws a usage error where it is empty. */
export function splitRows(dataset: Dataset, part: SplitName): NDArray {
  const rows = dataset.splits[part];
  if (rows.length === 0) throw usageError(`${dataset.name}: its ${part} split is empty`);
  return takeRows(dataset.x, rows);
}
