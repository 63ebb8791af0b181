import { inputError } from "../../error.ts";
import { decodeJpeg, isJpeg, jpegSize } from "./jpeg.ts";
import { mostPixels, type Picture, type PictureSize, sizeText } from "./picture.ts";
import { decodePng, isPng, pngSize } from "./png.ts";

/**
 * Returns the size in the header of a PNG or JPEG, recognised by their first bytes. Throws an input error for
 * any other file, a damaged header, or a picture of more than 2²⁶ pixels, before any such size is allocated.
 */
export function pictureSize(bytes: Uint8Array, name: string): PictureSize {
  const size = isPng(bytes) ? pngSize(bytes, name) : isJpeg(bytes) ? jpegSize(bytes, name) : undefined;
  if (!size) throw inputError(`${name}: is neither a PNG nor a JPEG, despite its name`);
  if (size.height * size.width > mostPixels)
    throw inputError(`${name}: ${sizeText(size)} pixels are too many; cut it, or save it smaller`);
  return size;
}

/** The pixels of a PNG or JPEG; throws an input error as {@link pictureSize} does, or for damaged pixels. */
export async function decodePicture(bytes: Uint8Array, name: string): Promise<Picture> {
  pictureSize(bytes, name);
  return isPng(bytes) ? decodePng(bytes, name) : decodeJpeg(bytes, name);
}
