import type { DecodedPng } from "fast-png";
import { inputError } from "../../error.ts";
import type { Picture, PictureSize } from "./picture.ts";

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Whether bytes begin as a PNG does. */
export const isPng = (bytes: Uint8Array): boolean => signature.every((byte, i) => bytes[i] === byte);

/** Whether pixels are grey, by the colour type of the header (PNG specification, W3C 2003, section 11.2.2). */
const isGrey = (colourType: number | undefined) => colourType === 0 || colourType === 4;

/** The size that the header of a PNG states; throws an input error for a damaged one. */
export function pngSize(bytes: Uint8Array, name: string): PictureSize {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isWhole = bytes.length >= 33 && view.getUint32(8) === 13 && view.getUint32(12) === 0x49484452;
  const [width, height] = isWhole ? [view.getUint32(16), view.getUint32(20)] : [0, 0];
  if (width === 0 || height === 0) throw inputError(`${name}: a damaged PNG; its header is incomplete`);
  return { height, width, channels: isGrey(bytes[25]) ? 1 : 3 };
}

/**
 * The pixels of a PNG with 8 bits a number; transparent pixels are laid over white. Throws an input error for a damaged file, which
 * checksums show.
 */
export async function decodePng(bytes: Uint8Array, name: string): Promise<Picture> {
  const size = pngSize(bytes, name);
  const { decode } = await import("fast-png");
  let png: DecodedPng;
  try {
    png = decode(bytes, { checkCrc: true });
  } catch (cause) {
    throw inputError(`${name}: a damaged PNG (${(cause as Error).message})`, cause);
  }
  const { height, width, channels } = size;
  const data = new Uint8Array(height * width * channels);
  const read = pixelReader(png);
  const pixel = new Float64Array(4);
  for (let i = 0; i < height * width; i++) {
    read(i, pixel);
    const alpha = pixel[3]!;
    for (let c = 0; c < channels; c++)
      data[i * channels + c] = Math.round(alpha * pixel[c]! + (1 - alpha) * 255);
  }
  return { ...size, data };
}

/** Reads pixel `i` as red, green, blue (0 to 255) and opacity (0 to 1). */
function pixelReader(png: DecodedPng): (i: number, pixel: Float64Array) => void {
  const { data, channels, depth, palette, transparency } = png;
  // Fewer than 8 bits are packed, each row from a byte of its own.
  const perByte = depth < 8 ? 8 / depth : 1;
  const stride = Math.ceil((png.width * channels) / perByte);
  const value = (i: number, c: number) => {
    if (perByte === 1) return data[i * channels + c]!;
    const [row, column] = [Math.floor(i / png.width), i % png.width];
    const byte = data[row * stride + Math.floor(column / perByte)]!;
    return (byte >> (8 - depth * ((column % perByte) + 1))) & (2 ** depth - 1);
  };
  if (palette)
    return (i, pixel) => {
      const [red = 0, green = 0, blue = 0, opacity = 255] = palette[value(i, 0)] ?? [];
      pixel.set([red, green, blue, opacity / 255]);
    };
  const most = 2 ** depth - 1;
  const colours = channels < 3 ? 1 : 3;
  return (i, pixel) => {
    let isKey = transparency !== undefined && transparency.length >= colours;
    for (let c = 0; c < 3; c++) {
      const own = value(i, Math.min(c, colours - 1));
      if (isKey && c < colours && transparency?.[c] !== own) isKey = false;
      pixel[c] = (255 * own) / most;
    }
    pixel[3] = isKey ? 0 : channels % 2 === 0 ? value(i, channels - 1) / most : 1;
  };
}

/** The bytes of a PNG of 8 bits a number. */
export async function encodePng({ height, width, channels, data }: Picture): Promise<Uint8Array> {
  const { encode } = await import("fast-png");
  return encode({ width, height, channels, depth: 8, data: Uint8Array.from(data) });
}
