import { describe, expect, it } from "vitest";
import { bytesOf, jpegs, pngs } from "../../../test/picture-files.ts";
import { arrayFrom } from "../../array.ts";
import { Key } from "../../random/key.ts";
import { uniform } from "../../random/uniform.ts";
import { binary, levels, real, sequence } from "../space.ts";
import { resample } from "./area-average.ts";
import { decodePicture, pictureSize } from "./decode.ts";
import { encodePng } from "./png.ts";
import { planSheet, sheet } from "./sheet.ts";

describe("pictures of another program", () => {
  it.each(pngs)("PNG, $name: every pixel", async (picture) => {
    const bytes = bytesOf(picture);
    const [height, width, channels] = picture.shape;
    expect(pictureSize(bytes, "a.png")).toEqual({ height, width, channels });
    const { data } = await decodePicture(bytes, "a.png");
    expect(Array.from(data)).toEqual(picture.pixels);
  });

  // Decoders may differ by the rounding of the cosine transform and of the colours.
  it.each(jpegs)("JPEG, $name: pixels to 2 levels", async (picture) => {
    const bytes = bytesOf(picture);
    const [height, width, channels] = picture.shape;
    expect(pictureSize(bytes, "a.jpg")).toEqual({ height, width, channels });
    const { data } = await decodePicture(bytes, "a.jpg");
    expect(data).toHaveLength(height * width * channels);
    let i = 0;
    for (let y = 0; y < height; y += 4)
      for (let x = 0; x < width; x += 4)
        for (let c = 0; c < channels; c++) {
          const [own, theirs] = [data[(y * width + x) * channels + c]!, picture.pixels[i++]!];
          expect(Math.abs(own - theirs)).toBeLessThanOrEqual(2);
        }
  });
});

describe("damaged pictures", () => {
  it.each(pngs)("PNG, $name: any change of a byte and any cut is one line", async (picture) => {
    const bytes = bytesOf(picture);
    for (let i = 0; i < bytes.length; i++) {
      const changed = bytes.with(i, bytes[i]! ^ 0x55);
      await expect(decodePicture(changed, "a.png"), `byte ${i}`).rejects.toMatchObject({
        code: "input",
        message: expect.stringMatching(
          /^a\.png: (a damaged PNG|is neither a PNG|\d+x\d+ pixels are too many)[^\n]*$/,
        ),
      });
      const cut = bytes.subarray(0, i);
      await expect(decodePicture(cut, "a.png"), `cut at ${i}`).rejects.toThrow(/^a\.png: [^\n]*$/);
    }
  });

  it.each(jpegs)("JPEG, $name: any cut before its end marker is one line", async (picture) => {
    const bytes = bytesOf(picture);
    for (let i = 0; i < bytes.length - 2; i++)
      await expect(decodePicture(bytes.subarray(0, i), "a.jpg"), `cut at ${i}`).rejects.toThrow(
        /^a\.jpg: (a damaged JPEG|is neither a PNG)[^\n]*$/,
      );
  });

  it("a size that no memory holds is refused by the header alone", async () => {
    const bytes = bytesOf(pngs[0]);
    new DataView(bytes.buffer).setUint32(16, 2 ** 31 - 1);
    expect(() => pictureSize(bytes, "a.png")).toThrow("a.png: 3x2147483647 pixels are too many");
  });
});

describe("area average", () => {
  const data = Float64Array.from(uniform(Key.fromSeed(3), 7 * 5 * 3, "f64"));
  const picture = { height: 7, width: 5, channels: 3 as const, data };

  it.each([
    [3, 4],
    [7, 5],
    [1, 1],
    [14, 2],
  ])("to %i x %i is the integral over each new pixel", (height, width) => {
    const out = resample(picture, { height, width, channels: 3 });
    // By cells so fine that their borders lie on those of both pictures.
    const [fy, fx] = [7 * height, 5 * width];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < 3; c++) {
          let sum = 0;
          for (let i = 0; i < fy / height; i++)
            for (let j = 0; j < fx / width; j++) {
              const row = Math.floor((y * 7 + i) / height);
              const column = Math.floor((x * 5 + j) / width);
              sum += data[(row * 5 + column) * 3 + c]!;
            }
          expect(out.data[(y * width + x) * 3 + c]).toBeCloseTo(sum / 35, 12);
        }
  });

  it("takes grey to colour and back, and weighs colours as television does", () => {
    const grey = { height: 1, width: 2, channels: 1 as const, data: Uint8Array.of(17, 203) };
    const colour = resample(grey, { ...grey, channels: 3 });
    expect(Array.from(colour.data)).toEqual([17, 17, 17, 203, 203, 203]);
    expect(Array.from(resample(colour, { ...grey, channels: 1 }).data)).toEqual([17, 203]);
    const red = { height: 1, width: 1, channels: 3 as const, data: Uint8Array.of(200, 100, 50) };
    expect(Array.from(resample(red, { ...red, channels: 1 }).data)).toEqual([124]); // 59.8 + 58.7 + 5.7
  });
});

describe("sheets", () => {
  it("draw a flat row of n² sites as a square, and refuse a short or other one", () => {
    expect(planSheet(1, binary([784]))).toMatchObject({ height: 28, width: 28, channels: 1 });
    for (const n of [49, 783]) expect(() => planSheet(1, binary([n]))).toThrow("needs rows and columns");
  });

  it("show every pixel of levels as it is, in reading order, with white between", async () => {
    const rows = Array.from({ length: 5 * 6 }, (_, i) => (i * 37) % 255);
    const x = arrayFrom(
      "f32",
      [5, 2, 3],
      rows.map((v) => v + 0.4),
    );
    const png = await decodePicture(await encodePng(sheet(x, levels([2, 3], 256))), "sheet.png");
    expect(png).toMatchObject({ height: 5, width: 11, channels: 1 });
    for (let row = 0; row < 6; row++)
      for (let y = 0; y < 2; y++)
        for (let i = 0; i < 3; i++) {
          const at = (Math.floor(row / 3) * 3 + y) * 11 + (row % 3) * 4 + i;
          expect(png.data[at]).toBe(row < 5 ? rows[row * 6 + y * 3 + i] : 255);
        }
    expect(png.data[3]).toBe(255);
    expect(png.data[2 * 11]).toBe(255);
  });

  it("draw the ends of a space black and white, and equal real numbers black", () => {
    const bits = arrayFrom("u8", [1, 1, 2], [0, 1]);
    expect(Array.from(sheet(bits, binary([1, 2])).data)).toEqual([0, 255]);
    const field = arrayFrom("f32", [1, 1, 3], [-1, 0, 3]);
    expect(Array.from(sheet(field, real([1, 3])).data)).toEqual([0, 64, 255]);
    expect(Array.from(sheet(field, real([1, 3], [-5, 5])).data)).toEqual([102, 128, 204]);
    expect(Array.from(sheet(arrayFrom("f32", [1, 1, 2], [2, 2]), real([1, 2])).data)).toEqual([0, 0]);
  });

  it("refuse what is no picture, and too many of them", () => {
    expect(() => planSheet(1, real([6]))).toThrow("these rows have the shape 6");
    expect(() => planSheet(1, real([4, 4, 2]))).toThrow("these rows have the shape 4x4x2");
    expect(() => planSheet(1, sequence(3, 4))).toThrow("these rows have the shape 4");
    expect(() => planSheet(2 ** 20, real([32, 32]))).toThrow("give at most 61624");
  });
});
