import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { arrayFrom } from "../../array.ts";
import type { DatasetMeta } from "../meta.ts";
import { writeNpy } from "./npy.ts";
import { readNpz, writeNpz } from "./npz.ts";
import { crc32 } from "./zip-checksum.ts";

const x = arrayFrom("u8", [2, 3], [0, 1, 1, 0, 0, 1]);
const meta: DatasetMeta = {
  version: 1,
  space: { kind: "binary", shape: [3] },
  encoding: "01",
  system: { name: "ising", parameters: { shape: [3], beta: 0.4 } },
  command: "ansatz simulate ising",
  seed: 1,
  chain: { count: 1, tau: 2.5, thinning: 10 },
};

describe("npz", () => {
  it("reads what it writes, and the same input gives the same bytes", () => {
    const file = { arrays: { x, chain: arrayFrom("i32", [2], [0, 1]) }, meta };
    expect(readNpz(writeNpz(file), "x.npz")).toEqual(file);
    expect(writeNpz(file)).toEqual(writeNpz(file));
  });

  it("leaves other entries alone", () => {
    const bytes = zipSync({ "x.npy": writeNpy(x), "notes.npy": new Uint8Array([1, 2]) });
    expect(readNpz(bytes, "x.npz")).toEqual({ arrays: { x } });
  });

  it("refuses a file without a known array, listing what it has", () => {
    const bytes = zipSync({ "spins.npy": writeNpy(x), "meta.json": new Uint8Array(2) });
    expect(() => readNpz(bytes, "x.npz")).toThrow(
      "x.npz: has no array called x or train (it has spins, meta.json); save it with np.savez(file, x=data)",
    );
  });

  it("names the entry that is malformed", () => {
    const bytes = zipSync({ "train.npy": writeNpy(x), "test.npy": writeNpy(x).slice(0, -1) });
    expect(() => readNpz(bytes, "x.npz")).toThrow("x.npz (test): its header claims 6 elements");
    const later = zipSync({ "x.npy": writeNpy(x), "meta.json": new TextEncoder().encode('{"version": 2}') });
    expect(() => readNpz(later, "x.npz")).toThrow(
      "x.npz: meta.json has format version 2; this ansatz reads up to 1",
    );
    const wrong = zipSync({ "x.npy": writeNpy(x), "meta.json": new TextEncoder().encode('{"version": 1}') });
    expect(() => readNpz(wrong, "x.npz")).toThrow("x.npz: meta.json: space:");
  });

  it("refuses what is not a whole zip file", () => {
    const bytes = writeNpz({ arrays: { x } });
    for (const cut of [0, 1, 30, bytes.length - 1])
      expect(() => readNpz(bytes.slice(0, cut), "x.npz")).toThrow(/^x\.npz: /);
  });

  it("refuses a bomb by its declared size before inflating it", () => {
    const bomb = zipSync({ "x.npy": new Uint8Array(5_000_000) });
    expect(bomb.length).toBeLessThan(10_000);
    expect(() => readNpz(bomb, "x.npz", { maxBytes: 1_000_000 })).toThrow(
      "x.npz: needs 5.0 MB of memory, more than the 1.0 MB allowed",
    );
  });

  it("refuses an entry whose declared size deflate could not reach", () => {
    const bytes = zipSync({ "x.npy": new Uint8Array(5_000_000) });
    // The central directory's record starts with PK\x01\x02; its uncompressed size stands 24 bytes in.
    const at = bytes.findIndex((b, i) => b === 0x50 && bytes[i + 2] === 1 && bytes[i + 3] === 2);
    new DataView(bytes.buffer).setUint32(at + 24, 4_000_000_000, true);
    expect(() => readNpz(bytes, "x.npz")).toThrow("x.npz: entry x.npy claims an impossible size");
  });

  it("refuses an entry whose bytes are not those of its checksum", () => {
    const bytes = writeNpz({ arrays: { x: arrayFrom("f64", [2], [1, 2]), train: x } });
    const at = bytes.findIndex((b, i) => b === 0xf0 && bytes[i + 1] === 0x3f); // the 1
    bytes[at - 3] = 1;
    expect(() => readNpz(bytes, "x.npz")).toThrow(
      "x.npz: entry x.npy does not match its checksum; the file is damaged",
    );
  });

  it("has the checksum that the standard gives for its test string", () => {
    expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
  });

  it("refuses chains that are not numbered", () => {
    const bytes = writeNpz({ arrays: { x, chain: arrayFrom("f64", [2], [0, Number.NaN]) } });
    expect(() => readNpz(bytes, "x.npz")).toThrow(
      "x.npz (chain): entry 1 is NaN; chains and parents have whole numbers",
    );
  });
});
