import { bytesIn, type NDArray, ndarray, type StorageType, sizeOf, takeRows } from "../array.ts";
import { usageError } from "../error.ts";
import { Key } from "../random/key.ts";
import { contextOf, contextSpaceOf } from "./context.ts";
import { chainIds, foundSplits, givenSplits, parentIds } from "./dataset-splits.ts";
import { type Encoding, encode } from "./encoding.ts";
import type { DataFile } from "./formats/format.ts";
import { readMask } from "./mask.ts";
import { settingSplits } from "./measurements/split.ts";
import type { DatasetMeta } from "./meta.ts";
import { columnOffsets, requireSinglePrecision, subtractOffsets, takesOffsets } from "./offset.ts";
import { chainIdsOf, type DatasetOrder, orderOf, type RowsRequest } from "./order/dataset-order.ts";
import { apart, type Part, partsOf } from "./parts.ts";
import { resolveSpace } from "./resolve-space.ts";
import { type Space, siteShape } from "./space.ts";
import { chainSplits, noSplits, parentSplits, randomSplits, type SplitName, type Splits } from "./splits.ts";
import type { SymmetryName } from "./symmetry.ts";

/** Rows of one space, checked, with the parts they are split into. */
export interface Dataset {
  /** Source of the rows: a file's name, or a command. */
  readonly name: string;
  /** [rows, ...sites], dtype `storageOf(space)`. */
  readonly x: NDArray;
  /** The space of one row: the kind of its sites and their shape. */
  readonly space: Space;
  /** Encoding of binary values in the source, to be used when rows are written. */
  readonly encoding: Encoding;
  /** The row numbers of the training, validation and test parts. */
  readonly splits: Splits;
  /**
   * The number subtracted from each column of the rows, in double precision, so that single precision keeps
   * their digits (see `columnOffsets`): a file holds x plus this. It does not change a density.
   */
  readonly offset?: Float64Array;
  /** The names of the columns, if rows are a table and the source names them. */
  readonly columns?: readonly string[];
  /** [rows, ...], `f32` or `i32`: what each row is conditioned on. */
  readonly context?: NDArray;
  /** The space of a context; real numbers if the file does not name one. */
  readonly contextSpace?: Space;
  /** [rows, ...sites], `bool`: true for a known site. */
  readonly mask?: NDArray;
  /** The Markov chain each row belongs to. */
  readonly chain?: Int32Array;
  /**
   * The source of each row, such as the map that it is a crop of: rows of one parent depend on each other.
   */
  readonly parent?: Int32Array;
  /** The order of rows, as found or as declared, if the file names no chains. */
  readonly order?: DatasetOrder;
  /**
   * The file's metadata (`meta.json`): the system it was drawn from, its seed, its chains. Absent if the file
   * has none.
   */
  readonly meta?: DatasetMeta;
  /**
   * Lattice symmetries of the system that the rows were drawn from, if known; rows of one phase may lack
   * some.
   */
  readonly symmetries?: readonly SymmetryName[];
}

/** Information for the reader of a data file that the file does not hold. */
export interface DatasetOptions {
  /** A space, or its name as `parseSpace` reads it (default: inferred from the values). */
  readonly space?: string | Space | undefined;
  /** The space of the contexts, or its name (default: the file's, else real numbers). */
  readonly contextSpace?: string | Space | undefined;
  /** The shape of one row's sites, if the file holds rows flat: `[28, 28]`. */
  readonly shape?: readonly number[] | undefined;
  /** Dependence between rows, as `RowsRequest` describes it (default: inferred from their order). */
  readonly rows?: RowsRequest | undefined;
  /** Whether rows are split; `none` takes all for training (default: as the file or the rows ask for). */
  readonly split?: "none" | undefined;
  /** Seed of the splits (default 0). */
  readonly seed?: number | undefined;
  /** The number to subtract from each column; empty for none (default: inferred from the values). */
  readonly offset?: readonly number[] | undefined;
  /** The names of the splits' own files, for error messages. */
  readonly names?: { readonly [P in SplitName]?: string | undefined } | undefined;
}

/**
 * Returns a dataset from decoded arrays: checks and encodes the rows, and splits them. Rows that came split
 * (`train`, `valid`, `test`) stay so, and a missing `valid` is a tenth of `train`. Rows with a `chain`, or
 * with a chain in their meta, are split by chain, and so are rows that show by their order that they are of
 * one (`findRowOrder`); others are split 80/10/10 by seed. `order` records what was found. Throws input
 * errors that name the file, row and value.
 */
export function makeDataset(file: DataFile, name: string, options: DatasetOptions = {}): Dataset {
  const { meta } = file;
  const arrays = apart(file, name);
  const { parts, isGiven } = partsOf(arrays, name, options.names);
  const { space, encoding } = resolveSpace(parts, options, meta);
  // A space that comes as such is a model's or a program's: what a file holds cannot change it.
  const fixed = typeof options.space === "object";
  const offset = offsetOf(parts, space, options, meta);
  const rawOf = ({ raw }: Part) => (offset ? subtractOffsets(raw, offset) : raw);
  const x = concat(parts.map((part) => encode(rawOf(part), space, encoding, part.name, fixed)));
  const rows = x.shape[0] as number;
  const key = Key.fromSeed(options.seed ?? 0);
  const asked = typeof options.rows === "object" && options.rows.chains !== undefined;
  const isOpen = options.rows !== "independent" && !asked;
  const stored = isOpen ? chainIds(arrays.chain, meta, rows, name) : undefined;
  if (asked && arrays.chain)
    throw usageError(`${name}: already says which chain each row belongs to; leave the number of chains out`);
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
  const parent = parentIds(arrays.parent, rows, name);
  // Rows of one parent are alike without being a chain.
  // Shots are independent, however files sort them by setting.
  const request = options.rows ?? (meta?.measurements ? "independent" : undefined);
  const order =
    stored || parent
      ? undefined
      : orderOf({ x, space, context }, sizes, { name, isGiven, ...(request && { request }) });
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
      : options.split === "none"
        ? noSplits(rows)
        : found && chain
          ? foundSplits(found, chain, key)
          : chain
            ? chainSplits(chain, key, meta?.chain)
            : parent
              ? parentSplits(parent, key)
              : meta?.measurements && context
                ? settingSplits(groupsOf(context), key)
                : randomSplits(rows, key),
    ...(offset && { offset }),
    ...columnsOf(file, space),
    ...(context && { context }),
    ...(contextSpace && { contextSpace }),
    ...(mask && { mask }),
    ...(chain && { chain }),
    ...(parent && { parent }),
    ...(order && { order }),
    ...(meta && { meta }),
  };
}

/** The number of each row's context, in the order of their first rows. */
function groupsOf({ data, shape }: NDArray): Uint32Array {
  const width = sizeOf(shape.slice(1));
  const known = new Map<string, number>();
  return Uint32Array.from({ length: shape[0] as number }, (_, row) => {
    const key = data.subarray(row * width, (row + 1) * width).join();
    const group = known.get(key) ?? known.size;
    known.set(key, group);
    return group;
  });
}

/** The names of columns, one for each site of rows without a shape. */
function columnsOf({ columns, meta }: DataFile, space: Space): { readonly columns?: readonly string[] } {
  const names = columns ?? meta?.columns;
  const shape = siteShape(space);
  return names && shape.length === 1 && names.length === shape[0] ? { columns: names } : {};
}

/**
 * The number subtracted from each column: as asked, else as its digits need. Fields of a system are not
 * shifted.
 */
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

/**
 * Returns the rows of one part of a dataset, [rows, ...sites], copied; throws a usage error if it is empty.
 */
export function splitRows(dataset: Dataset, part: SplitName): NDArray {
  const rows = dataset.splits[part];
  if (rows.length === 0) throw usageError(`${dataset.name}: its ${part} split is empty`);
  return takeRows(dataset.x, rows);
}
