import { describe, expect, it } from "vitest";
import { bytesOf, jpegs } from "../../../test/picture-files.ts";
import { decodePicture, pictureSize } from "./decode.ts";
import { exifOrientation, type Orientation, seenPicture } from "./exif.ts";
import type { Picture } from "./picture.ts";

const jpeg = bytesOf(jpegs[0]);

/** EXIF data whose only entry is an orientation; little-endian, or big-endian as most cameras write it. */
function tiff(orientation: number, isLittle: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(26));
  view.setUint16(0, isLittle ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, isLittle);
  view.setUint32(4, 8, isLittle);
  view.setUint16(8, 1, isLittle);
  view.setUint16(10, 0x0112, isLittle);
  view.setUint16(12, 3, isLittle);
  view.setUint32(14, 1, isLittle);
  view.setUint16(18, orientation, isLittle);
  return new Uint8Array(view.buffer);
}

/** A JPEG with a segment of EXIF data before all others. */
function withExif(data: Uint8Array, length = data.length + 8): Uint8Array {
  const segment = [0xff, 0xe1, length >> 8, length & 0xff, 0x45, 0x78, 0x69, 0x66, 0, 0, ...data];
  return Uint8Array.from([...jpeg.subarray(0, 2), ...segment, ...jpeg.subarray(2)]);
}

/** A camera's "F", 3 rows of 2 pixels, as each orientation stores it; the eight pictures of the standard (EXIF 2.3, figure 6). */
const letter = ["##", "#.", "#."];
const stored: Readonly<Record<Orientation, readonly string[]>> = {
  1: ["##", "#.", "#."],
  2: ["##", ".#", ".#"],
  3: [".#", ".#", "##"],
  4: ["#.", "#.", "##"],
  5: ["###", "#.."],
  6: ["#..", "###"],
  7: ["..#", "###"],
  8: ["###", "..#"],
};
const orientations = Object.keys(stored).map((key) => Number(key) as Orientation);

const pictureOf = (lines: readonly string[]): Picture => ({
  ...{ height: lines.length, width: (lines[0] as string).length, channels: 1 },
  data: Uint8Array.from([...lines.join("")], (c) => (c === "#" ? 255 : 0)),
});

describe("EXIF orientation", () => {
  it.each(orientations)("%i: the stored pixels are seen upright", (orientation) => {
    expect(seenPicture(pictureOf(stored[orientation]), orientation)).toEqual(pictureOf(letter));
  });

  it.each(orientations.flatMap((o) => [[o, true] as const, [o, false] as const]))(
    "%i, little-endian %s: size and pixels of a JPEG",
    async (orientation, isLittle) => {
      const bytes = withExif(tiff(orientation, isLittle));
      expect(exifOrientation(bytes)).toBe(orientation);
      const plain = await decodePicture(jpeg, "a.jpg");
      const seen = await decodePicture(bytes, "a.jpg");
      const { data: _, ...size } = seen;
      expect(pictureSize(bytes, "a.jpg")).toEqual(size);
      expect(seen).toEqual(seenPicture(plain, orientation));
      expect([seen.height, seen.width]).toEqual(
        orientation < 5 ? [plain.height, plain.width] : [plain.width, plain.height],
      );
    },
  );

  it("an orientation after other entries is found", () => {
    const view = new DataView(new ArrayBuffer(38));
    new Uint8Array(view.buffer).set(tiff(6, false));
    view.setUint16(8, 2);
    new Uint8Array(view.buffer).copyWithin(22, 10, 22);
    view.setUint16(10, 0x010f);
    expect(exifOrientation(withExif(new Uint8Array(view.buffer)))).toBe(6);
  });
});

describe("damaged EXIF data", () => {
  const good = tiff(6, false);

  it("cut anywhere it is ignored, and the picture is read as it is stored", async () => {
    const plain = await decodePicture(jpeg, "a.jpg");
    for (let length = 0; length < 22; length++)
      expect(await decodePicture(withExif(good.subarray(0, length)), "a.jpg"), `${length} bytes`).toEqual(
        plain,
      );
  });

  it("with any byte changed the picture is read, turned or not", async () => {
    const { data, height, width } = await decodePicture(jpeg, "a.jpg");
    for (let i = 0; i < good.length; i++) {
      const seen = await decodePicture(withExif(good.with(i, good[i]! ^ 0xff)), "a.jpg");
      expect(seen.data, `byte ${i}`).toHaveLength(data.length);
      // More entries than there are (bytes 8 and 9) do not hide the first; behind byte 19 nothing is read.
      const isTurned = i === 8 || i === 9 || i > 19;
      expect(seen.height === width && seen.width === height, `byte ${i}`).toBe(isTurned);
    }
  });

  it.each([0, 9, 0xffff])("an orientation of %i means nothing", (value) => {
    expect(exifOrientation(withExif(tiff(value, true)))).toBe(1);
  });

  it("a directory beyond the data, and entries without end, are ignored", () => {
    for (const [at, value] of [
      [4, 0xfffffff0],
      [4, 25],
    ] as const) {
      const bytes = good.slice();
      new DataView(bytes.buffer).setUint32(at, value);
      expect(exifOrientation(withExif(bytes))).toBe(1);
    }
    const many = good.slice();
    new DataView(many.buffer).setUint16(8, 0xffff);
    new DataView(many.buffer).setUint16(10, 0x0100);
    expect(exifOrientation(withExif(many))).toBe(1);
  });

  it("a segment longer than the file leaves the picture to its own errors", () => {
    const bytes = withExif(good, 0xffff);
    expect(exifOrientation(bytes)).toBe(1);
    expect(() => pictureSize(bytes, "a.jpg")).toThrow("a.jpg: a damaged JPEG; its header is incomplete");
  });
});
