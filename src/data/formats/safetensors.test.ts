import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arrayFrom, type NDArray, ndarray } from "../../array.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";

function file(header: unknown, body = 0, length?: bigint): Uint8Array {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + body);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}
const entry = (from: number, to: number, shape = [(to - from) / 4], dtype = "F32") => ({
  dtype,
  shape,
  data_offsets: [from, to],
});

const tensors: Record<string, NDArray> = {
  bytes: arrayFrom("u8", [3], [1, 2, 255]),
  mask: arrayFrom("bool", [2], [0, 1]),
  "layer/0/weights": arrayFrom("f32", [2, 2], [0.5, -1, 2, Number.NaN]),
  step: arrayFrom("i64", [], [12345678901]),
  exact: arrayFrom("f64", [1], [0.1]),
  counts: arrayFrom("i32", [0, 4], []),
  key: arrayFrom("u32", [2], [4294967295, 0]),
};

describe("safetensors", () => {
  it("reads what it writes, aligned at any element type", () => {
    const metadata = { format: "1", note: "spins ↑↓" };
    const bytes = writeSafetensors(tensors, metadata);
    const back = readSafetensors(bytes, "p.safetensors");
    expect(back.metadata).toEqual(metadata);
    expect(Object.keys(back.tensors).sort()).toEqual(Object.keys(tensors).sort());
    for (const [name, x] of Object.entries(tensors)) {
      expect(back.tensors[name]).toEqual(x);
      expect(back.tensors[name]?.data.buffer).toBe(bytes.buffer); // a view, not a copy
    }
    // In an unaligned place elements are copied.
    const moved = new Uint8Array(bytes.length + 1);
    moved.set(bytes, 1);
    expect(readSafetensors(moved.subarray(1), "p").tensors.exact).toEqual(tensors.exact);
  });

  it("round-trips any names and shapes", () => {
    const tensor = fc
      .array(fc.nat(3), { maxLength: 3 })
      .map((shape) => ndarray("f32", shape, new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1.5)));
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(fc.string(), fc.constant("__proto__")), tensor), (all) => {
        const back = readSafetensors(writeSafetensors(all), "p").tensors;
        expect(new Map(Object.entries(back))).toEqual(new Map(Object.entries(all)));
      }),
    );
  });

  it("gives the same bytes whatever order the arrays come in", () => {
    const reversed = Object.fromEntries(Object.entries(tensors).reverse());
    expect(writeSafetensors(reversed)).toEqual(writeSafetensors(tensors));
  });

  const whole = writeSafetensors(tensors);
  it.each([
    [new Uint8Array(3), "p: truncated"],
    [file({}, 0, 2n ** 60n), "p: its header claims 1152921504606846976 bytes, over the limit"],
    [file({}, 0, 50n), "p: truncated; its header takes 50 bytes and 2 follow"],
    [whole.slice(0, -1), 'p: truncated in array "mask"'],
    [file("[1"), "p: its safetensors header is not a JSON object"],
    [file("[]"), "p: its safetensors header is not a JSON object"],
    [file({ a: 1 }), 'p: the header entry of array "a" is malformed'],
    [file({ a: entry(0, 8, [3]) }, 8), 'p: array "a" of shape [3] and type F32 cannot lie at bytes 0 to 8'],
    [file({ a: entry(0, 8, [2.5]) }, 8), 'p: the header entry of array "a" is malformed'],
    [file({ a: entry(0, 2, [1], "BF16") }, 2), 'p: array "a" has element type BF16'],
    [file({ a: entry(0, 8), b: entry(4, 12) }, 12), 'p: array "b" overlaps the one before it'],
    [file({ a: entry(0, 4), b: entry(8, 12) }, 12), 'p: array "b" leaves a hole before it'],
    [file({ a: entry(0, 4) }, 6), "p: 2 bytes follow its last array"],
    [file({ __metadata__: { a: 1 } }), "p: its __metadata__ is not made of strings"],
  ])("refuses malformed files (%#)", (bytes, message) => {
    expect(() => readSafetensors(bytes, "p")).toThrow(message);
  });
});

const python = process.env.ANSATZ_PYTHON ?? "python3";
const run = (code: string, input?: Uint8Array) => spawnSync(python, ["-c", code], { input });
const found = run("import numpy, safetensors.numpy").status === 0;

describe(
  found
    ? "against the reference"
    : `against the reference: skipped, no safetensors in ${python} (set ANSATZ_PYTHON)`,
  () => {
    it.skipIf(!found)("reads and writes what the reference does", () => {
      const code = `
import json, sys, numpy as np
from safetensors.numpy import load, save
x = load(sys.stdin.buffer.read())
again = save({k: np.asarray(~v if v.dtype == bool else v + v.dtype.type(1)) for k, v in x.items()}, {"made": "there"})
json.dump([{k: [str(v.dtype), v.shape] for k, v in x.items()}, again.hex()], sys.stdout)`;
      const [described, hex] = JSON.parse(run(code, writeSafetensors(tensors, { a: "b" })).stdout.toString());
      expect(described).toMatchObject({
        step: ["int64", []],
        mask: ["bool", [2]],
        counts: ["int32", [0, 4]],
      });
      const back = readSafetensors(new Uint8Array(Buffer.from(hex, "hex")), "p");
      expect(back.metadata).toEqual({ made: "there" });
      expect(back.tensors.step?.data).toEqual(BigInt64Array.of(12345678902n));
      expect(back.tensors.mask?.data).toEqual(Uint8Array.of(1, 0));
      expect(back.tensors.exact?.data).toEqual(Float64Array.of(1.1));
    });
  },
);
