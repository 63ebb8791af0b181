import type { Picture, PictureSize } from "./picture.ts";

/**
 * Orientation of a picture's stored pixels relative to its display, by EXIF's number: 1 as stored, 3 upside
 * down, 6 turned clockwise by a quarter, 8 counterclockwise; 2, 4, 5 and 7 are these mirrored.
 */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const tag = 0x0112;
/** The type of 16-bit numbers in TIFF. */
const short = 3;
/** An entry of a TIFF directory: tag, type, number of values, value. */
const entryBytes = 12;

/**
 * Returns the orientation in the EXIF data of a JPEG (EXIF 2.3, section 4.6.4): 1 if it is missing or
 * damaged. EXIF data is only an annotation; without it viewers show a picture as stored.
 */
export function exifOrientation(bytes: Uint8Array): Orientation {
  const tiff = tiffOf(bytes);
  if (!tiff || tiff.byteLength < 8) return 1;
  const order = tiff.getUint16(0);
  const isLittle = order === 0x4949;
  if (!isLittle && order !== 0x4d4d) return 1;
  if (tiff.getUint16(2, isLittle) !== 42) return 1;
  const directory = tiff.getUint32(4, isLittle);
  if (directory + 2 > tiff.byteLength) return 1;
  const entries = tiff.getUint16(directory, isLittle);
  for (let i = 0; i < entries; i++) {
    const at = directory + 2 + i * entryBytes;
    if (at + entryBytes > tiff.byteLength) return 1;
    if (tiff.getUint16(at, isLittle) !== tag) continue;
    const isOne = tiff.getUint16(at + 2, isLittle) === short && tiff.getUint32(at + 4, isLittle) === 1;
    const value = tiff.getUint16(at + 8, isLittle);
    return isOne && value >= 1 && value <= 8 ? (value as Orientation) : 1;
  }
  return 1;
}

/** The TIFF structure in the first EXIF segment of a JPEG, if there is a whole one before the pixels. */
function tiffOf(bytes: Uint8Array): DataView | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++; // a fill byte
      continue;
    }
    if (marker === 0xda) return undefined;
    const length = view.getUint16(at + 2);
    const from = at + 4;
    const to = at + 2 + length;
    if (length < 2 || to > bytes.length) return undefined;
    // "Exif" and two bytes of 0.
    if (marker === 0xe1 && to - from >= 6 && view.getUint32(from) === 0x45786966)
      return new DataView(bytes.buffer, bytes.byteOffset + from + 6, to - from - 6);
    at = to;
  }
  return undefined;
}

/** Whether an orientation exchanges rows and columns. */
const isTurned = (orientation: Orientation) => orientation >= 5;

/** Returns the displayed size of a picture, from the size of its stored pixels. */
export function seenSize(stored: PictureSize, orientation: Orientation): PictureSize {
  if (!isTurned(orientation)) return stored;
  return { ...stored, height: stored.width, width: stored.height };
}

/** Returns the displayed picture, from its stored pixels. */
export function seenPicture(stored: Picture, orientation: Orientation): Picture {
  if (orientation === 1) return stored;
  const { height, width, channels } = seenSize(stored, orientation);
  const [fromBottom, fromRight] = [[3, 4, 6, 7].includes(orientation), [2, 3, 7, 8].includes(orientation)];
  const data = stored.data.slice();
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [row, column] = isTurned(orientation) ? [x, y] : [y, x];
      const ownRow = fromBottom ? stored.height - 1 - row : row;
      const ownColumn = fromRight ? stored.width - 1 - column : column;
      const from = (ownRow * stored.width + ownColumn) * channels;
      const to = (y * width + x) * channels;
      for (let c = 0; c < channels; c++) data[to + c] = stored.data[from + c]!;
    }
  return { height, width, channels, data };
}
