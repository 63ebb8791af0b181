import * as z from "zod";

/** The size of a picture, in pixels, and the numbers of each. */
export interface PictureSize {
  /** Number of rows. */
  readonly height: number;
  /** Number of columns. */
  readonly width: number;
  /** 1 for grey or a map, 3 for red, green and blue. */
  readonly channels: 1 | 3;
}

/** A picture: rows from the top, pixels from the left, the numbers of one pixel next to each other. */
export interface Picture extends PictureSize {
  /** `height · width · channels` numbers: 0 to 255 for a picture, any number for a map. */
  readonly data: Uint8Array | Float64Array;
}

/** Schema of {@link PictureOptions}. */
export const pictureOptionsSchema = z.object({
  /** Rows and columns that every picture is averaged to; absent to keep the size of the pictures. */
  resize: z.tuple([z.int().positive(), z.int().positive()]).readonly().exactOptional(),
  /** `grey` or `rgb`, whatever the files hold; absent if it follows from the files. */
  colour: z.enum(["grey", "rgb"]).exactOptional(),
});

/** Options for reading pictures. */
export type PictureOptions = z.infer<typeof pictureOptionsSchema>;

/**
 * Maximum number of pixels of one picture, in a file or in a sheet: its numbers take at most 1.6 GB while it
 * is read.
 */
export const mostPixels = 2 ** 26;

/** `32x48`: rows by columns, as `--resize` takes them. */
export const sizeText = ({ height, width }: Pick<PictureSize, "height" | "width">): string =>
  `${height}x${width}`;
