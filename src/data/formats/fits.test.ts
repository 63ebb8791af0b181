import { describe, expect, it } from "vitest";
import { fitsFiles, unreadFits } from "../../../test/fits-files.ts";
import { bytesOf } from "../../../test/picture-files.ts";
import { arrayFrom } from "../../array.ts";
import { makeDataset } from "../dataset.ts";
import { fitsShape, readFits, writeFits } from "./fits.ts";
import { gunzip } from "./gzip.ts";
import { formatOf } from "./index.ts";

const unpacked = (file: { readonly base64: string }) => gunzip(bytesOf(file), "a.fits.gz", { maxBytes: 1e6 });

describe("FITS", () => {
  it.each(fitsFiles)("of another program: $name", (file) => {
    const { arrays, meta } = formatOf("a.fits.gz").read(bytesOf(file), "a.fits.gz");
    const { x } = arrays;
    const sides = file.shape.length === 3 ? file.shape : [1, ...file.shape.slice(-2)];
    expect(x?.shape).toEqual(sides);
    expect(fitsShape(unpacked(file), "a.fits")).toEqual(sides);
    expect(meta?.space).toEqual({ kind: "real", shape: sides.slice(1) });
    expect(Array.from(x!.data, Number)).toEqual(file.pixels.map((value) => value ?? Number.NaN));
  });

  it.each(["f32", "f64", "i32", "u8"] as const)("reads what it writes: %s", (dtype) => {
    const x = arrayFrom(
      dtype,
      [5, 3, 2],
      Array.from({ length: 30 }, (_, i) => (i * 37) % 11),
    );
    const read = readFits(writeFits({ arrays: { x } }), "a.fits").arrays.x!;
    expect(read.shape).toEqual([5, 3, 2]);
    expect(Array.from(read.data, Number)).toEqual(Array.from(x.data));
  });

  it.each(unreadFits)("refuses $name", (file) => {
    expect(() => readFits(unpacked(file), "a.fits")).toThrow(`a.fits: ${file.error}`);
  });

  it("any cut is one line, and so is a size that no memory holds", () => {
    const bytes = unpacked(fitsFiles[1]);
    const pixels = 8 * fitsFiles[1].pixels.length;
    // What follows the pixels is padding.
    for (let end = 0; end < 2 * 2880 + pixels; end += 97)
      expect(() => readFits(bytes.subarray(0, end), "a.fits")).toThrow(/^a\.fits: [^\n]*$/);
    const text = new TextDecoder("latin1")
      .decode(bytes)
      .replace(/NAXIS1 {2}= {20}2/, `NAXIS1  = ${"999999999999999".padStart(20)}`);
    const huge = Uint8Array.from(text, (c) => c.charCodeAt(0));
    expect(() => readFits(huge, "a.fits")).toThrow(/^a\.fits: its header claims \d+ bytes of pixels/);
    expect(() => readFits(bytes, "a.fits", { maxBytes: 50 })).toThrow("more than the 50 bytes allowed");
  });

  it("a pixel without a value is named", () => {
    const file = fitsFiles.find(({ name }) => name === "integers with a blank")!;
    const data = readFits(unpacked(file), "a.fits");
    expect(() => makeDataset(data, "a.fits")).toThrow("a.fits: row 0, column 1 (site 0, 1) is NaN");
  });
});
