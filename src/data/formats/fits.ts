import { type NDArray, ndarray, sizeOf } from "../../array.ts";
import { inputError, usageError } from "../../error.ts";
import { metaVersion } from "../meta.ts";
import { real } from "../space.ts";
import { numbers } from "../values.ts";
import { type DataFile, defaultLimits, type Format, type ReadLimits, tooLarge } from "./format.ts";

/** Headers and data are padded to blocks of this many bytes; headers consist of lines of 80 characters. */
const [block, card] = [2880, 80];

/** Position and encoding of an image's pixels in a file. */
interface Image {
  /** Sides, the fastest last. */
  readonly shape: readonly number[];
  /** Bits of a pixel; negative for floating-point numbers. */
  readonly bits: number;
  /** Offset of the first pixel. */
  readonly at: number;
  /** value = zero + scale · stored. */
  readonly scale: number;
  readonly zero: number;
  /** The stored integer of a pixel without a value. */
  readonly blank: number | undefined;
}

/**
 * The first image of a FITS file, in the primary unit or an extension: one of two axes is a map, `[1, rows, columns]`, of more axes
 * the last of the file counts maps. Rows are in the order of the file, which displays draw from the bottom. The space is `real`;
 * BSCALE and BZERO are applied, and pixels that are BLANK are NaN. Sizes are checked before anything is allocated.
 *
 * Throws an input error for a damaged or a compressed file, and for one without an image. Source: FITS standard 4.0 (2018).
 */
export function readFits(bytes: Uint8Array, name: string, limits: ReadLimits = defaultLimits): DataFile {
  const image = findImage(bytes, name);
  const { shape, bits } = image;
  const count = sizeOf(shape);
  const [single, integer] = [bits === -32, isPlainInteger(image)];
  const needed = count * (single || integer ? 4 : 8);
  if (needed > limits.maxBytes) throw tooLarge(name, needed, limits);
  const x = ndarray(single ? "f32" : integer ? "i32" : "f64", mapShape(shape));
  fill(x.data as Float64Array, bytes, image);
  return { arrays: { x }, meta: { version: metaVersion, space: real(x.shape.slice(1)), encoding: "plain" } };
}

/** Rows, and the sides of each, of the image of a FITS file, by its header alone. */
export function fitsShape(bytes: Uint8Array, name: string): readonly number[] {
  return mapShape(findImage(bytes, name).shape);
}

/** Whether the values are integers that 32 bits hold. */
const isPlainInteger = ({ bits, scale, zero, blank }: Image) =>
  bits > 0 && bits <= 32 && scale === 1 && zero === 0 && blank === undefined;

/** Drops axes of length 1 before the last two; an image of two axes is one row. */
function mapShape(shape: readonly number[]): readonly number[] {
  const first = shape.findIndex((side, i) => side > 1 || i >= shape.length - 2);
  const sides = shape.slice(Math.max(0, first));
  return sides.length > 2 ? sides : [1, ...sides];
}

function findImage(bytes: Uint8Array, name: string): Image {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 30));
  if (!/^SIMPLE {2}= +T/.test(start))
    throw inputError(`${name}: is not a FITS file (it does not begin with SIMPLE = T)`);
  for (let at = 0; at < bytes.length; ) {
    const { cards, end } = readHeader(bytes, at, name);
    const count = (key: string, otherwise?: number) => wholeOf(cards, key, name, otherwise);
    const axes = count("NAXIS");
    const sides = Array.from({ length: axes }, (_, i) => count(`NAXIS${axes - i}`));
    const bits = count("BITPIX");
    if (![8, 16, 32, 64, -32, -64].includes(bits))
      throw inputError(`${name}: BITPIX is ${bits}; the file is damaged`);
    const pixels = axes === 0 ? 0 : sizeOf(sides);
    const size = (Math.abs(bits) / 8) * count("GCOUNT", 1) * (count("PCOUNT", 0) + pixels);
    if (cards.get("ZIMAGE") === "T")
      throw inputError(
        `${name}: its image is compressed, which is not supported; unpack it first (funpack ${name})`,
      );
    const isImage = at === 0 ? cards.get("GROUPS") !== "T" : cards.get("XTENSION") === "IMAGE";
    if (isImage && pixels > 0) {
      if (end + size > bytes.length)
        throw inputError(
          `${name}: its header claims ${size} bytes of pixels, ${bytes.length - end} follow; the file is cut off`,
        );
      const number = (key: string, otherwise: number) => {
        const value = Number(cards.get(key) ?? otherwise);
        if (Number.isFinite(value)) return value;
        throw inputError(
          `${name}: the header has no number ${key}, but '${cards.get(key)}'; the file is damaged`,
        );
      };
      const blank = cards.has("BLANK") && bits > 0 ? count("BLANK") : undefined;
      return { shape: sides, bits, at: end, scale: number("BSCALE", 1), zero: number("BZERO", 0), blank };
    }
    at = end + Math.ceil(size / block) * block;
  }
  throw inputError(`${name}: holds no image; FITS tables are not supported`);
}

/** The cards of a header, text without quotation marks, and where its last block ends. */
function readHeader(
  bytes: Uint8Array,
  from: number,
  name: string,
): { cards: Map<string, string>; end: number } {
  const cards = new Map<string, string>();
  for (let at = from; at + card <= bytes.length; at += card) {
    const line = new TextDecoder("latin1").decode(bytes.subarray(at, at + card));
    const key = line.slice(0, 8).trim();
    if (key === "END") return { cards, end: from + Math.ceil((at + card - from) / block) * block };
    if (line[8] !== "=") continue;
    const [, text, plain] = /^ *(?:'((?:[^']|'')*)'|([^/]*))/.exec(line.slice(9)) ?? [];
    // Numbers of Fortran may have a D for the E.
    cards.set(key, (text ?? plain ?? "").trim().replace(/^([-+\d.]+)D([-+]?\d+)$/, "$1E$2"));
  }
  throw inputError(`${name}: a header has no END; the file is cut off`);
}

function wholeOf(cards: Map<string, string>, key: string, name: string, otherwise?: number): number {
  const text = cards.get(key);
  if (text === undefined && otherwise !== undefined) return otherwise;
  const value = Number(text);
  const least = key === "BITPIX" || key === "BLANK" ? -(2 ** 53) : 0;
  const most = key === "NAXIS" ? 999 : 2 ** 53;
  if (text === undefined || text === "" || !Number.isInteger(value) || value < least || value > most)
    throw inputError(`${name}: the header has no whole number ${key}; the file is damaged`);
  return value;
}

function fill(out: Float64Array, bytes: Uint8Array, { bits, at, scale, zero, blank }: Image): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at);
  const width = Math.abs(bits) / 8;
  const read = {
    8: (i: number) => view.getUint8(i),
    16: (i: number) => view.getInt16(i),
    32: (i: number) => view.getInt32(i),
    64: (i: number) => Number(view.getBigInt64(i)),
    [-32]: (i: number) => view.getFloat32(i),
    [-64]: (i: number) => view.getFloat64(i),
  }[bits] as (i: number) => number;
  for (let i = 0; i < out.length; i++) {
    const stored = read(i * width);
    out[i] = stored === blank ? Number.NaN : zero + scale * stored;
  }
}

/** The bytes of a FITS file of 32-bit integers or floating-point numbers, one image of all rows; throws a usage error without `x`. */
export function writeFits({ arrays }: DataFile): Uint8Array {
  const { x } = arrays;
  if (!x) throw usageError("a FITS file holds rows in one piece; write an .npz for splits");
  const bits =
    x.dtype === "f32" ? -32 : x.dtype === "f64" || x.dtype === "i64" || x.dtype === "u32" ? -64 : 32;
  const lines = [
    ["SIMPLE", "T"],
    ["BITPIX", bits],
    ["NAXIS", x.shape.length],
    ...[...x.shape].reverse().map((side, i) => [`NAXIS${i + 1}`, side]),
  ].map(([key, value]) => `${String(key).padEnd(8)}= ${String(value).padStart(20)}`.padEnd(card));
  const header = [...lines, "END"].map((line) => line.padEnd(card)).join("");
  const start = Math.ceil(header.length / block) * block;
  const width = Math.abs(bits) / 8;
  const values = numbers(x as NDArray);
  const bytes = new Uint8Array(start + Math.ceil((values.length * width) / block) * block);
  bytes.fill(0x20, 0, start);
  bytes.set(new TextEncoder().encode(header));
  const view = new DataView(bytes.buffer, start);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (bits === -32) view.setFloat32(4 * i, value);
    else if (bits === -64) view.setFloat64(8 * i, value);
    else view.setInt32(4 * i, value);
  }
  return bytes;
}

/** Images of astronomy. */
export const fits: Format = { extensions: [".fits", ".fit"], read: readFits, write: writeFits };
