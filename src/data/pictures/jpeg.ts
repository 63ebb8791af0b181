import { inputError } from "../../error.ts";
import { exifOrientation, seenPicture, seenSize } from "./exif.ts";
import type { Picture, PictureSize } from "./picture.ts";

/** Whether bytes begin as a JPEG does. */
export const isJpeg = (bytes: Uint8Array): boolean =>
  bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;

/** Returns the displayed size of a JPEG: turned by its EXIF data. Throws as {@link storedSize}. */
export const jpegSize = (bytes: Uint8Array, name: string): PictureSize =>
  seenSize(storedSize(bytes, name), exifOrientation(bytes));

/**
 * The size that a JPEG states in its frame header (ITU T.81, section B.2.2); throws an input error for a damaged file, or
 * for one with an arithmetic code or lossless, which are rare.
 */
function storedSize(bytes: Uint8Array, name: string): PictureSize {
  const damaged = () => inputError(`${name}: a damaged JPEG; its header is incomplete`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) throw damaged();
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++; // a fill byte
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      if (marker > 0xc2) throw inputError(`${name}: this kind of JPEG is not supported; save it as PNG`);
      const [height, width, parts] = [view.getUint16(at + 5), view.getUint16(at + 7), bytes[at + 9]!];
      if (height === 0 || width === 0) throw damaged();
      return { height, width, channels: parts === 1 ? 1 : 3 };
    }
    at += 2 + view.getUint16(at + 2);
  }
  throw damaged();
}

/**
 * Returns the pixels of a JPEG with 8 bits per number, turned by its EXIF data; throws an input error for a
 * damaged file.
 */
export async function decodeJpeg(bytes: Uint8Array, name: string): Promise<Picture> {
  const size = storedSize(bytes, name);
  const { height, width, channels } = size;
  const { default: jpeg } = await import("jpeg-js");
  let rgb: Uint8Array;
  try {
    // The caller has checked the size; the library needs about 20 bytes a pixel at the most.
    const megabytes = Math.ceil((height * width * 32) / 2 ** 20) + 64;
    const options = { useTArray: true as const, formatAsRGBA: false, tolerantDecoding: false };
    rgb = jpeg.decode(bytes, { ...options, maxResolutionInMP: 1e4, maxMemoryUsageInMB: megabytes }).data;
  } catch (cause) {
    throw inputError(`${name}: a damaged JPEG (${(cause as Error).message})`, cause);
  }
  const data = channels === 3 ? rgb : Uint8Array.from({ length: height * width }, (_, i) => rgb[3 * i]!);
  return seenPicture({ ...size, data }, exifOrientation(bytes));
}
