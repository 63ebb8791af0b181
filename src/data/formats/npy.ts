import { dump, float16ToFloat32 } from "npyjs";
import { bytesOf, type NDArray, ndarray, type StorageOf, type StorageType, sizeOf } from "../../array.ts";
import { inputError, usageError } from "../../error.ts";
import { defaultLimits, type Format, formatBytes, type ReadLimits, tooLarge } from "./format.ts";
import { readHeader } from "./npy-header.ts";

/** Storage type for each element code of the format. */
const storage: Record<string, StorageType> = {
  b1: "bool",
  u1: "u8",
  i1: "i32",
  u2: "i32",
  i2: "i32",
  u4: "u32",
  i4: "i32",
  u8: "i64",
  i8: "i64",
  f2: "f32",
  f4: "f32",
  f8: "f64",
};

/**
 * The array of a NumPy `.npy` file (format versions 1 to 3), in C order and native byte order; 1- and 2-byte
 * integers widen to `i32`, half precision to `f32`, unsigned 64-bit to `i64`. Elements are shared with `bytes`
 * where layout allows. Throws input errors naming the file `name` for anything malformed, truncated or padded,
 * for Python objects, text and records, and before allocating for headers that claim more than the file holds.
 * Format: NEP 1, https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
 */
export function readNpy(file: Uint8Array, name: string, limits: ReadLimits = defaultLimits): NDArray {
  // Node's Buffer is a Uint8Array whose slices share memory; a plain view of it has slices that are copies.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  const header = readHeader(bytes, name);
  const { code, shape } = header;
  const dtype = storage[code];
  if (!dtype) throw inputError(`${name}: element type "${header.descr}" is not supported; save real numbers`);
  const width = Number(code.slice(1));
  const count = sizeOf(shape);
  const held = bytes.length - header.end;
  if (count * width !== held)
    throw inputError(
      count * width > held
        ? `${name}: its header claims ${count} elements (${formatBytes(count * width)}) but ${formatBytes(held)} follow; the file is truncated or damaged`
        : `${name}: ${formatBytes(held - count * width)} follow its ${count} elements; the file is damaged`,
    );
  if (count * bytesOf(dtype) > limits.maxBytes) throw tooLarge(name, count * bytesOf(dtype), limits);
  const body = align(bytes.subarray(header.end), width, header.bigEndian);
  const data = elements(code, body, name);
  const ordered = header.fortran && shape.length > 1 ? toRowMajor(data, shape) : data;
  return ndarray(dtype, shape, ordered as Uint8Array & Float64Array & BigInt64Array);
}

/**
 * The bytes themselves, or a copy if they are swapped or start at an offset that a typed array does not
 * allow.
 */
function align(body: Uint8Array, width: number, bigEndian: boolean): Uint8Array {
  if (width === 1 || (!bigEndian && body.byteOffset % width === 0)) return body;
  const copy = body.slice();
  if (bigEndian)
    for (let i = 0; i < copy.length; i += width)
      for (let a = i, b = i + width - 1; a < b; a++, b--) {
        const swapped = copy[a] as number;
        copy[a] = copy[b] as number;
        copy[b] = swapped;
      }
  return copy;
}

function elements(code: string, body: Uint8Array, name: string): StorageOf[StorageType] {
  const { buffer, byteOffset: at, byteLength: size } = body;
  switch (code) {
    case "b1":
      return body.some((v) => v > 1) ? body.map((v) => (v ? 1 : 0)) : body;
    case "u1":
      return body;
    case "i1":
      return Int32Array.from(new Int8Array(buffer, at, size));
    case "u2":
      return Int32Array.from(new Uint16Array(buffer, at, size / 2));
    case "i2":
      return Int32Array.from(new Int16Array(buffer, at, size / 2));
    case "u4":
      return new Uint32Array(buffer, at, size / 4);
    case "i4":
      return new Int32Array(buffer, at, size / 4);
    case "f2":
      return Float32Array.from(new Uint16Array(buffer, at, size / 2), float16ToFloat32);
    case "f4":
      return new Float32Array(buffer, at, size / 4);
    case "f8":
      return new Float64Array(buffer, at, size / 8);
    default: {
      const data = new BigInt64Array(buffer, at, size / 8);
      const wrapped = code === "u8" ? new Int32Array(buffer, at, size / 4).findIndex(isNegativeHigh) : -1;
      if (wrapped >= 0)
        throw inputError(`${name}: element ${wrapped >> 1} exceeds 2^63 - 1, the largest supported`);
      return data;
    }
  }
}

const isNegativeHigh = (word: number, i: number) => i % 2 === 1 && word < 0;

/** Fortran order to C order: walks the C order, stepping through the source by its own strides. */
function toRowMajor<T extends StorageOf[StorageType]>(data: T, shape: readonly number[]): T {
  const out = data.slice() as T;
  const strides: number[] = [];
  shape.reduce((stride, n) => {
    strides.push(stride);
    return stride * n;
  }, 1);
  const last = shape.length - 1;
  const index = new Array<number>(shape.length).fill(0);
  const run = shape[last] as number;
  const step = strides[last] as number;
  for (let i = 0, start = 0; i < out.length; i += run) {
    for (let j = 0, source = start; j < run; j++, source += step) out[i + j] = data[source] as never;
    for (let axis = last - 1; axis >= 0; axis--) {
      start += strides[axis] as number;
      index[axis] = (index[axis] as number) + 1;
      if ((index[axis] as number) < (shape[axis] as number)) break;
      start -= (strides[axis] as number) * (shape[axis] as number);
      index[axis] = 0;
    }
  }
  return out;
}

/** The bytes of a `.npy` file (version 1, C order, little-endian) holding `array`. */
export function writeNpy(array: NDArray): Uint8Array {
  const options = array.dtype === "bool" ? { dtype: "b1" as const } : {};
  return new Uint8Array(dump(array.data, [...array.shape], options));
}

/** NumPy's `.npy`: one array, read as `x`. */
export const npy: Format = {
  extensions: [".npy"],
  read: (bytes, name, limits) => ({ arrays: { x: readNpy(bytes, name, limits) } }),
  write({ arrays }) {
    if (!arrays.x || Object.keys(arrays).length > 1)
      throw usageError("a .npy file holds one array; write splits, context and meta to .npz");
    return writeNpy(arrays.x);
  },
};
