import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { ndarray } from "../array.ts";
import type { DataFile, ReadLimits } from "../data/formats/index.ts";
import { tooLarge } from "../data/formats/index.ts";
import { metaVersion } from "../data/meta.ts";
import { resample } from "../data/pictures/area-average.ts";
import { decodePicture, pictureSize } from "../data/pictures/decode.ts";
import { type PictureOptions, type PictureSize, sizeText } from "../data/pictures/picture.ts";
import { levels } from "../data/space.ts";
import { inputError } from "../error.ts";
import { placed } from "./atomic.ts";
import { memoryLimits, readBytes } from "./read.ts";

/** How a folder of pictures is read, and who hears of it. */
export interface PictureReading extends PictureOptions {
  /** Is called with the number of pictures read so far, and of all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Is called with one line for each thing that was taken for granted. */
  readonly note?: ((line: string) => void) | undefined;
}

const extensions = /\.(png|jpe?g)$/i;

/** Names of the pictures in a folder, in the order of their numbers (`2.png` before `10.png`), and of how much else it holds. */
export async function picturesIn(folder: string): Promise<{ names: string[]; others: number }> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw placed(error, folder);
  });
  const shown = names.filter((name) => !name.startsWith("."));
  const { compare } = new Intl.Collator("en", { numeric: true });
  const pictures = shown.filter((name) => extensions.test(name));
  pictures.sort((a, b) => compare(a, b) || (a < b ? -1 : 1));
  return { names: pictures, others: shown.length - pictures.length };
}

/**
 * The pictures of a folder as rows of bytes `[pictures, height, width]`, or `[..., 3]` in colour, whose space is
 * `levels:256`. Sizes come from the headers of all files first, so that nothing is allocated for what does not fit; then
 * one picture at a time is decoded. Colour follows from the headers, unless it is given: grey if all are grey.
 *
 * Throws an input error that names the file for a damaged picture, and for mixed sizes without `resize`.
 */
export async function readPictures(
  folder: string,
  reading: PictureReading = {},
  limits: ReadLimits = memoryLimits(),
): Promise<DataFile> {
  const { names, others } = await picturesIn(folder);
  if (names.length === 0)
    throw inputError(`${folder}: is a folder without pictures (.png, .jpg, .jpeg); name a data file`);
  if (others > 0)
    reading.note?.(`${folder}: ${names.length} pictures; what else it holds (${others}) is left out`);
  const { size, stretched } = await commonSize(folder, names, reading, limits);
  if (stretched)
    reading.note?.(`${folder}: ${stretched} has other proportions than ${sizeText(size)}: it is stretched`);
  const { height, width, channels } = size;
  const shape = channels === 1 ? [height, width] : [height, width, channels];
  const each = height * width * channels;
  // Bytes, and real numbers in single precision once noise is added.
  const needed = names.length * each * 5;
  if (needed > limits.maxBytes) throw tooLarge(folder, needed, limits);
  const x = ndarray("u8", [names.length, ...shape]);
  for (const [row, name] of names.entries()) {
    const path = join(folder, name);
    const picture = await decodePicture(await readBytes(path, limits), path);
    x.data.set(resample(picture, size).data, row * each);
    reading.onProgress?.(row + 1, names.length);
  }
  return {
    arrays: { x },
    meta: { version: metaVersion, space: levels(shape, 256), encoding: "levels" },
  };
}

/** The size that all pictures are read in, and the first picture that has other proportions. */
async function commonSize(
  folder: string,
  names: readonly string[],
  { resize, colour }: PictureReading,
  limits: ReadLimits,
): Promise<{ readonly size: PictureSize; readonly stretched?: string }> {
  let first: { readonly name: string; readonly size: PictureSize } | undefined;
  let stretched: string | undefined;
  let channels: 1 | 3 = 1;
  for (const name of names) {
    const path = join(folder, name);
    const size = pictureSize(await readBytes(path, limits), path);
    first ??= { name, size };
    if (size.channels === 3) channels = 3;
    if (resize) {
      const ratio = (size.height * resize[1]) / (size.width * resize[0]);
      if (Math.abs(Math.log(ratio)) > 0.02) stretched ??= name;
    } else if (sizeText(size) !== sizeText(first.size))
      throw inputError(
        `${folder}: ${name} has ${sizeText(size)} pixels, ${first.name} ${sizeText(first.size)} (rows x columns); ` +
          "give all one size, such as --resize 32x32",
      );
  }
  const [height, width] = resize ?? [first!.size.height, first!.size.width];
  const wanted = colour === undefined ? channels : colour === "grey" ? 1 : 3;
  return { size: { height, width, channels: wanted }, ...(stretched !== undefined && { stretched }) };
}
