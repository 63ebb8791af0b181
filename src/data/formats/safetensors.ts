import * as z from "zod";
import {
  bytesIn,
  bytesOf,
  type NDArray,
  ndarray,
  type StorageOf,
  type StorageType,
  sizeOf,
  storage,
} from "../../array.ts";
import { inputError, usageError } from "../../error.ts";

/** Contents of a `.safetensors` file: named arrays, and named strings. */
export interface SafeTensors {
  /** The arrays by name. */
  readonly tensors: Readonly<Record<string, NDArray>>;
  /** Strings by name; empty if the file has no metadata. */
  readonly metadata: Readonly<Record<string, string>>;
}

const codes = { f32: "F32", f64: "F64", i32: "I32", i64: "I64", u32: "U32", bool: "BOOL", u8: "U8" } as const;
const dtypes = new Map<string, StorageType>(
  Object.entries(codes).map(([d, code]) => [code, d as StorageType]),
);
/** The reference implementation's limit on headers. */
const maxHeader = 100_000_000;

const natural = z.number().int().nonnegative();
const metadataSchema = z.record(z.string(), z.string());
const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(natural),
  data_offsets: z.tuple([natural, natural]),
});

/**
 * Writes named arrays and metadata as a `.safetensors` file. Larger elements come first and the header is padded
 * to 8 bytes, so that every array is aligned; the same input gives the same bytes.
 * Format: https://github.com/huggingface/safetensors.
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, NDArray>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const entries = Object.entries(tensors).sort(
    ([a, x], [b, y]) => bytesOf(y.dtype) - bytesOf(x.dtype) || (a < b ? -1 : 1),
  );
  const header: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) header.push(["__metadata__", metadata]);
  let offset = 0;
  for (const [name, { dtype, shape, data }] of entries) {
    if (name === "__metadata__") throw usageError('an array cannot be called "__metadata__" in safetensors');
    header.push([name, { dtype: codes[dtype], shape, data_offsets: [offset, offset + data.byteLength] }]);
    offset += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const length = Math.ceil(json.length / 8) * 8;
  if (length > maxHeader) throw usageError(`a safetensors header is limited to ${maxHeader} bytes`);
  const bytes = new Uint8Array(8 + length + offset);
  bytes.fill(32, 8, 8 + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  let at = 8 + length;
  for (const [, { data }] of entries) {
    bytes.set(bytesIn(data), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Reads the arrays and metadata of a `.safetensors` file; aligned elements share memory with `bytes`. Throws
 * input errors naming the file `name` when it is truncated or damaged, when arrays overlap, leave a hole or
 * disagree with their shapes, and for element types other than F32, F64, I32, I64, U32, BOOL and U8.
 */
export function readSafetensors(bytes: Uint8Array, name: string): SafeTensors {
  if (bytes.length < 8) throw inputError(`${name}: truncated; a safetensors file has 8 bytes or more`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(maxHeader))
    throw inputError(
      `${name}: its header claims ${length} bytes, over the limit of ${maxHeader}; not safetensors?`,
    );
  const start = 8 + Number(length);
  if (start > bytes.length)
    throw inputError(`${name}: truncated; its header takes ${length} bytes and ${bytes.length - 8} follow`);
  const { __metadata__, ...rest } = parseHeader(bytes.subarray(8, start), name);
  const metadata = metadataSchema.safeParse(__metadata__ ?? {});
  if (!metadata.success) throw inputError(`${name}: its __metadata__ is not made of strings`);

  const tensors: [string, NDArray][] = [];
  const spans: [number, number, string][] = [];
  for (const [key, json] of Object.entries(rest)) {
    const entry = entrySchema.safeParse(json);
    if (!entry.success) throw inputError(`${name}: the header entry of array "${key}" is malformed`);
    const { shape, data_offsets } = entry.data;
    const dtype = dtypes.get(entry.data.dtype);
    if (!dtype)
      throw inputError(
        `${name}: array "${key}" has element type ${entry.data.dtype}, which is not supported`,
      );
    const [from, to] = data_offsets;
    if (to < from || to - from !== sizeOf(shape) * bytesOf(dtype))
      throw inputError(
        `${name}: array "${key}" of shape [${shape.join(", ")}] and type ${entry.data.dtype} cannot lie at bytes ${from} to ${to}`,
      );
    if (start + to > bytes.length)
      throw inputError(
        `${name}: truncated in array "${key}", which ends at byte ${start + to} of ${bytes.length}`,
      );
    spans.push([from, to, key]);
    tensors.push([key, ndarray(dtype, shape, viewOf(bytes, start + from, start + to, dtype))]);
  }
  checkCover(spans, bytes.length - start, name);
  return { tensors: Object.fromEntries(tensors), metadata: metadata.data };
}

function parseHeader(bytes: Uint8Array, name: string): Record<string, unknown> {
  const damaged = `${name}: its safetensors header is not a JSON object; the file is damaged`;
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw inputError(damaged, cause);
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw inputError(damaged);
  return json as Record<string, unknown>;
}

function viewOf<D extends StorageType>(bytes: Uint8Array, from: number, to: number, dtype: D): StorageOf[D] {
  let body = bytes.subarray(from, to);
  if (body.byteOffset % bytesOf(dtype) !== 0) body = Uint8Array.from(body); // a Buffer's slice would be no copy
  const View: new (buffer: ArrayBufferLike, at: number, length: number) => StorageOf[StorageType] =
    storage[dtype];
  return new View(body.buffer, body.byteOffset, body.length / bytesOf(dtype)) as StorageOf[D];
}

/** Arrays must follow one another without overlap or hole, to the end of the file. */
function checkCover(spans: [number, number, string][], size: number, name: string): void {
  spans.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let end = 0;
  for (const [from, to, key] of spans) {
    if (from !== end)
      throw inputError(
        `${name}: array "${key}" ${from < end ? "overlaps the one before it" : "leaves a hole before it"}`,
      );
    end = to;
  }
  if (end !== size)
    throw inputError(`${name}: ${size - end} bytes follow its last array; the file is damaged`);
}
