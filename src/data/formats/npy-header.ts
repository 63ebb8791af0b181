import { inputError } from "../../error.ts";

/** The header of a `.npy` file. */
export interface NpyHeader {
  /** The element type as written: `<f8`. */
  readonly descr: string;
  /** Kind and bytes: `f8`. */
  readonly code: string;
  readonly bigEndian: boolean;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Offset of the first element. */
  readonly end: number;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY

/**
 * Parses the header of a `.npy` file, format versions 1 to 3; throws input errors naming `name`, for text and complex numbers too unless
 * they are `allowed`.
 */
export function readHeader(bytes: Uint8Array, name: string, allowed?: "text" | "complex"): NpyHeader {
  if (bytes.length === 0) throw inputError(`${name}: the file is empty`);
  if (magic.some((byte, i) => i < bytes.length && bytes[i] !== byte))
    throw inputError(`${name}: not a .npy file (its first bytes are not NumPy's)`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const major = bytes[6] ?? 0;
  const start = major === 1 ? 10 : 12;
  if (bytes.length < start) throw inputError(`${name}: truncated in its header`);
  if (major < 1 || major > 3)
    throw inputError(`${name}: .npy format version ${major} is not known; versions 1 to 3 are`);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (start + length > bytes.length) throw inputError(`${name}: truncated in its header`);
  const text = new TextDecoder(major === 3 ? "utf-8" : "latin1").decode(
    bytes.subarray(start, start + length),
  );
  return { ...parseFields(text, name, allowed), end: start + length };
}

function parseFields(text: string, name: string, allowed?: "text" | "complex"): Omit<NpyHeader, "end"> {
  const fields = /'descr'\s*:\s*([[(])/.test(text);
  if (fields) throw inputError(`${name}: holds records (a structured dtype); save plain numbers`);
  const descr = /'descr'\s*:\s*['"]([^'"]*)['"]/.exec(text)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const tuple = /'shape'\s*:\s*\(([^)]*)\)/.exec(text)?.[1];
  if (descr === undefined || order === undefined || tuple === undefined)
    throw inputError(`${name}: its .npy header is malformed`);
  const [, endian = "", code = ""] = /^([<>|=]?)([a-zA-Z]\d*)/.exec(descr) ?? [];
  if (code.startsWith("O"))
    throw inputError(`${name}: holds Python objects (dtype object); save an array of numbers`);
  if (/^[USaV]/.test(code) && !(allowed === "text" && /^[US]/.test(code)))
    throw inputError(`${name}: holds text or raw bytes ("${descr}"); save numbers`);
  if (code.startsWith("c") && allowed !== "complex")
    throw inputError(`${name}: holds complex numbers ("${descr}"); save real ones`);
  const shape = tuple
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "")
    .map((entry) => (/^\d+L?$/.test(entry) ? Number.parseInt(entry, 10) : Number.NaN)); // Python 2 wrote 3L
  if (shape.some((n) => !Number.isSafeInteger(n)))
    throw inputError(`${name}: its shape (${tuple}) is not made of whole numbers`);
  return { descr, code, bigEndian: endian === ">", fortran: order === "True", shape };
}
