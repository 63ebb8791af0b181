import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { bytesOf, type NDArray, ndarray } from "../array.ts";
import { fitsShape, readFits } from "../data/formats/fits.ts";
import type { DataFile, ReadLimits } from "../data/formats/index.ts";
import { tooLarge } from "../data/formats/index.ts";
import { type DatasetMeta, metaVersion } from "../data/meta.ts";
import { resample } from "../data/pictures/area-average.ts";
import { decodePicture, pictureSize } from "../data/pictures/decode.ts";
import { type Picture, type PictureOptions, type PictureSize, sizeText } from "../data/pictures/picture.ts";
import { levels, real } from "../data/space.ts";
import { numbers } from "../data/values.ts";
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

/** What a folder may hold: how sizes and pixels are read, and what its rows are. */
interface Kind {
  readonly extensions: RegExp;
  size(bytes: Uint8Array, name: string): PictureSize;
  decode(bytes: Uint8Array, name: string): Promise<Picture>;
  readonly dtype: "u8" | "f32";
  meta(shape: readonly number[]): DatasetMeta;
}

const pictures: Kind = {
  extensions: /\.(png|jpe?g)$/i,
  size: pictureSize,
  decode: decodePicture,
  dtype: "u8",
  meta: (shape) => ({ version: metaVersion, space: levels(shape, 256), encoding: "levels" }),
};

const maps: Kind = {
  extensions: /\.fits?$/i,
  size: mapSize,
  async decode(bytes, name) {
    const size = mapSize(bytes, name);
    const data = Float64Array.from(numbers(readFits(bytes, name).arrays.x as NDArray));
    const bad = data.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      throw inputError(
        `${name}: pixel (${Math.floor(bad / size.width)}, ${bad % size.width}) is ${data[bad]}; every pixel needs a value`,
      );
    return { ...size, data };
  },
  dtype: "f32",
  meta: (shape) => ({ version: metaVersion, space: real(shape), encoding: "plain" }),
};

/** The size of the one map in a FITS file. */
function mapSize(bytes: Uint8Array, name: string): PictureSize {
  const [count, height = 1, width = 1, ...rest] = fitsShape(bytes, name);
  if (count !== 1 || rest.length > 0)
    throw inputError(
      `${name}: holds ${count} maps; in a folder each file must be one map; to read them all, name this file alone`,
    );
  return { height, width, channels: 1 };
}

/** Whether a folder holds pictures or FITS maps; throws an input error for both. */
export async function holdsPictures(folder: string): Promise<boolean> {
  return (await contentsOf(folder)).names.length > 0;
}

/** Names of pictures or maps, in the order of their numbers (`2.png` before `10.png`), and how many other entries there are. */
async function contentsOf(folder: string): Promise<{ names: string[]; others: number; kind: Kind }> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw placed(error, folder);
  });
  const visible = entries.filter(({ name }) => !name.startsWith("."));
  const shown = visible.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  const { compare } = new Intl.Collator("en", { numeric: true });
  const [drawn, measured] = [pictures, maps].map(({ extensions }) =>
    shown.filter((name) => extensions.test(name)),
  ) as [string[], string[]];
  if (drawn.length > 0 && measured.length > 0)
    throw inputError(`${folder}: holds pictures (${drawn[0]}) and maps (${measured[0]}); give each a folder`);
  const [found, kind] = measured.length > 0 ? [measured, maps] : [drawn, pictures];
  found.sort((a, b) => compare(a, b) || (a < b ? -1 : 1));
  return { names: found, others: visible.length - found.length, kind };
}

/**
 * Reads the pictures of a folder as rows of bytes `[pictures, height, width]`, or `[..., 3]` in colour, with
 * the space `levels:256`; FITS maps as real numbers in single precision. Sizes come from the headers of all
 * files first, so that nothing is allocated for pictures that do not fit; then one picture at a time is
 * decoded. Colour follows from the headers, unless it is given: grey if all are grey.
 *
 * Throws an input error that names the file for a damaged picture, and for mixed sizes without `resize`.
 */
export async function readPictures(
  folder: string,
  reading: PictureReading = {},
  limits: ReadLimits = memoryLimits(),
): Promise<DataFile> {
  const { names, others, kind } = await contentsOf(folder);
  if (names.length === 0)
    throw inputError(
      `${folder}: is a folder without pictures (.png, .jpg, .jpeg) or maps (.fits); name a data file`,
    );
  if (others > 0)
    reading.note?.(
      `${folder}: ${names.length} ${kind === maps ? "maps" : "pictures"}; other files in the folder are ignored (${others})`,
    );
  if (kind === maps && reading.colour !== undefined)
    throw inputError(`${folder}: holds maps, which have no colour; leave --colour out`);
  const { size, stretched } = await commonSize(folder, names, kind, reading, limits);
  if (stretched)
    reading.note?.(`${folder}: ${stretched} has other proportions than ${sizeText(size)}: it is stretched`);
  const { height, width, channels } = size;
  const shape = channels === 1 ? [height, width] : [height, width, channels];
  const each = height * width * channels;
  // What is read, and real numbers in single precision that the rows become.
  const needed = names.length * each * (bytesOf(kind.dtype) + 4);
  if (needed > limits.maxBytes) throw tooLarge(folder, needed, limits);
  const x = ndarray(kind.dtype, [names.length, ...shape]);
  for (const [row, name] of names.entries()) {
    const path = join(folder, name);
    const picture = await kind.decode(await readBytes(path, limits), path);
    x.data.set(resample(picture, size).data, row * each);
    reading.onProgress?.(row + 1, names.length);
  }
  return { arrays: { x }, meta: kind.meta(shape) };
}

/** The size that all pictures are read in, and the first picture that has other proportions. */
async function commonSize(
  folder: string,
  names: readonly string[],
  kind: Kind,
  { resize, colour }: PictureReading,
  limits: ReadLimits,
): Promise<{ readonly size: PictureSize; readonly stretched?: string }> {
  let first: { readonly name: string; readonly size: PictureSize } | undefined;
  let stretched: string | undefined;
  let channels: 1 | 3 = 1;
  for (const name of names) {
    const path = join(folder, name);
    const size = kind.size(await readBytes(path, limits), path);
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
