import { sizeOf } from "../../array.ts";
import { inputError } from "../../error.ts";
import { readHeader } from "./npy-header.ts";

/** Words of an array of text. */
export interface TextArray {
  /** The size of each axis; empty for one word. */
  readonly shape: readonly number[];
  /** The words in row-major order, without the zeros that pad them. */
  readonly words: readonly string[];
}

/** Whether a `.npy` file holds text: NumPy's `U` and `S`. */
export const holdsText = (bytes: Uint8Array, name: string): boolean =>
  /^[US]/.test(readHeader(bytes, name, "text").code);

/**
 * The words of a `.npy` file of text, NumPy's dtypes `U` (four bytes a character) and `S` (one byte). Throws input errors for
 * other dtypes, Fortran order and files cut short.
 */
export function readNpyText(bytes: Uint8Array, name: string): TextArray {
  const { code, shape, fortran, bigEndian, end } = readHeader(bytes, name, "text");
  const letter = code[0];
  const length = Number(code.slice(1));
  if ((letter !== "U" && letter !== "S") || !Number.isInteger(length))
    throw inputError(`${name}: holds ${code}, not text`);
  if (fortran && shape.length > 1)
    throw inputError(`${name}: text in Fortran order is not supported; save np.ascontiguousarray of it`);
  const width = letter === "U" ? 4 : 1;
  const count = sizeOf(shape);
  if (count * length * width !== bytes.length - end)
    throw inputError(
      `${name}: its header claims ${count} words of ${length}, but ${bytes.length - end} bytes follow`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset + end);
  const words = Array.from({ length: count }, (_, i) => {
    let word = "";
    for (let j = 0; j < length; j++) {
      const at = (i * length + j) * width;
      const point = width === 4 ? view.getUint32(at, !bigEndian) : view.getUint8(at);
      if (point > 0x10ffff) throw inputError(`${name}: word ${i} holds no text; the file is damaged`);
      if (point > 0) word += String.fromCodePoint(point);
    }
    return word;
  });
  return { shape, words };
}

/** The bytes of a `.npy` file with words as NumPy's dtype `U`. */
export function writeNpyText({ shape, words }: TextArray): Uint8Array {
  const length = Math.max(1, ...words.map((word) => word.length));
  const tuple = `${shape.join(", ")}${shape.length === 1 ? "," : ""}`;
  const fields = `{'descr': '<U${length}', 'fortran_order': False, 'shape': (${tuple}), }`;
  // Elements begin at a multiple of 64 bytes, after a line feed.
  const header = `${fields.padEnd(Math.ceil((fields.length + 11) / 64) * 64 - 11)}\n`;
  const out = new Uint8Array(10 + header.length + 4 * length * words.length);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  const view = new DataView(out.buffer);
  view.setUint16(8, header.length, true);
  out.set(new TextEncoder().encode(header), 10);
  words.forEach((word, i) => {
    for (let j = 0; j < word.length; j++)
      view.setUint32(10 + header.length + 4 * (i * length + j), word.charCodeAt(j), true);
  });
  return out;
}
