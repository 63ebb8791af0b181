import { gzipSync as ours } from "fflate";
import { describe, expect, it } from "vitest";
import { arrayFrom } from "../../array.ts";
import { gunzip } from "./gzip.ts";
import { formatOf } from "./index.ts";

const limits = { maxBytes: 1e6 };
const bytes = (text: string) => new TextEncoder().encode(text);
const joined = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const x = arrayFrom("u8", [2, 3], [0, 1, 1, 1, 0, 1]);

describe("gunzip", () => {
  it.each([".npy.gz", ".csv.gz", ".TXT.gz"])("reads %s as the file inside, and writes it", (extension) => {
    const format = formatOf(`rows.a${extension}`);
    const file = format.write({ arrays: { x } });
    expect([file[0], file[1]]).toEqual([0x1f, 0x8b]);
    expect(format.read(file, "rows", limits, { header: false }).arrays.x).toEqual(x);
    expect(format.write({ arrays: { x } })).toEqual(file);
  });

  it("reads all members of a file that has several", () => {
    const text = "0 1 1 0\n".repeat(9000);
    const file = joined(ours(bytes("1 1 1 1\n")), ours(bytes(text)), ours(bytes("0 0 0 0\n")));
    expect(new TextDecoder().decode(gunzip(file, "x", limits))).toBe(`1 1 1 1\n${text}0 0 0 0\n`);
  });

  const zeros = ours(new Uint8Array(3e6));
  it("refuses contents over the limit, whatever the file claims", () => {
    expect(() => gunzip(zeros, "x.npy.gz", limits)).toThrow("x.npy.gz: needs 3.0 MB of memory");
    const lying = zeros.slice();
    new DataView(lying.buffer).setUint32(lying.length - 4, 10, true);
    expect(() => gunzip(lying, "x.npy.gz", limits)).toThrow(/more than the 1.0 MB allowed here/);
    expect(() => gunzip(joined(zeros, ours(bytes("1"))), "x.npy.gz", limits)).toThrow(/more than the 1.0 MB/);
    new DataView(lying.buffer).setUint32(lying.length - 4, 4e9, true);
    expect(() => gunzip(lying, "x.npy.gz", { maxBytes: 2 ** 33 })).toThrow("it claims an impossible size");
  });

  it("refuses damaged files", () => {
    const file = ours(bytes("0,1,1,0\n0,1,0,0\n1,1,1,1\n".repeat(20)));
    const flipped = file.map((byte, i) => (i === file.length - 6 ? byte ^ 1 : byte));
    expect(() => gunzip(flipped, "x", limits)).toThrow("its contents are not what its checksum says");
    expect(() => gunzip(file.slice(0, -4), "x", limits)).toThrow("x: not a whole gzip file");
    expect(() => gunzip(file.slice(0, file.length >> 1), "x", limits)).toThrow("x: not a whole gzip file");
    expect(() => gunzip(joined(file, bytes("more after the end of it")), "x", limits)).toThrow(
      "x: not a whole gzip file",
    );
    expect(() => gunzip(bytes("0,1,1,0\n0,1,0,0,0\n"), "x", limits)).toThrow("it has no gzip header");
  });

  it("names formats that it does not read", () => {
    expect(() => formatOf("x.gz")).toThrow('unknown extension ".gz"');
    expect(() => formatOf("x.npz.gz")).toThrow('unknown extension ".npz.gz"');
  });
});
