import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type NDArray, ndarray } from "../../array.ts";
import { numbers } from "../values.ts";
import { readNpy, writeNpy } from "./npy.ts";

/** A `.npy` file built by hand: the format's own rules, not our writer's. */
function file(header: string, body: Uint8Array = new Uint8Array(0), major = 1): Uint8Array {
  const text = new TextEncoder().encode(`${header}\n`);
  const start = major === 1 ? 10 : 12;
  const bytes = new Uint8Array(start + text.length + body.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, major, 0]);
  const view = new DataView(bytes.buffer);
  if (major === 1) view.setUint16(8, text.length, true);
  else view.setUint32(8, text.length, true);
  bytes.set(text, start);
  bytes.set(body, start + text.length);
  return bytes;
}
const header = (descr: string, shape: string, fortran = "False") =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;
const list = (x: NDArray) => Array.from(numbers(x));

describe("readNpy", () => {
  it("reads big-endian doubles", () => {
    const body = new Uint8Array(24);
    const view = new DataView(body.buffer);
    [1.5, -2.25, 1e300].forEach((v, i) => {
      view.setFloat64(8 * i, v, false);
    });
    expect(list(readNpy(file(header(">f8", "(3,)"), body), "x.npy"))).toEqual([1.5, -2.25, 1e300]);
  });

  it("reads big-endian integers", () => {
    expect(list(readNpy(file(header(">i2", "(2,)"), new Uint8Array([0xff, 0xfe, 1, 0])), "x.npy"))).toEqual([
      -2, 256,
    ]);
  });

  it("reads Fortran order", () => {
    // Element (i, j, k) of shape (2, 3, 2) lies at i + 2j + 6k.
    const body = Uint8Array.from({ length: 12 }, (_, i) => i);
    const x = readNpy(file(header("|u1", "(2, 3, 2)", "True"), body), "x.npy");
    const expected = [];
    for (let i = 0; i < 2; i++)
      for (let j = 0; j < 3; j++) for (let k = 0; k < 2; k++) expected.push(i + 2 * j + 6 * k);
    expect(list(x)).toEqual(expected);
    expect(x.shape).toEqual([2, 3, 2]);
  });

  it("reads Node's buffers, whose slices share memory, and leaves them as they are", () => {
    for (const [bytes, expected] of [
      [file(header("|u1", "(2, 3)", "True"), Uint8Array.of(0, 1, 2, 3, 4, 5)), [0, 2, 4, 1, 3, 5]],
      [file(header(">i2", "(2,)"), Uint8Array.of(0, 1, 1, 0)), [1, 256]],
    ] as const) {
      const buffer = Buffer.from(bytes);
      expect(list(readNpy(buffer, "x.npy"))).toEqual(expected);
      expect(new Uint8Array(buffer)).toEqual(bytes);
    }
  });

  it("reads booleans, half precision, header versions 2 and 3, and unaligned bodies", () => {
    const bool = readNpy(file(header("|b1", "(3,)"), new Uint8Array([0, 1, 1])), "x.npy");
    expect([bool.dtype, list(bool)]).toEqual(["bool", [0, 1, 1]]);
    const half = readNpy(file(header("<f2", "(2,)"), new Uint8Array([0, 0x3c, 0, 0xc0])), "x.npy");
    expect(list(half)).toEqual([1, -2]);
    const four = new Uint8Array(Float32Array.of(0.5, 4).buffer);
    for (const major of [1, 2, 3])
      for (const pad of ["", " ", "  ", "   "])
        expect(list(readNpy(file(header("<f4", "(2,)") + pad, four, major), "x.npy"))).toEqual([0.5, 4]);
  });

  it("keeps 64-bit integers exactly", () => {
    const data = BigInt64Array.of(-(2n ** 63n), -1n, 2n ** 62n + 1n);
    expect(readNpy(writeNpy(ndarray("i64", [3], data)), "x.npy").data).toEqual(data);
  });

  const body = new Uint8Array(4);
  it.each([
    [new Uint8Array(0), "x.npy: the file is empty"],
    [new TextEncoder().encode("0,1,1,0,1,1,1"), "x.npy: not a .npy file"],
    [file(header("<f8", "(2,)")).subarray(0, 30), "x.npy: truncated in its header"],
    [file(header("<f8", "(2,)"), body), "x.npy: its header claims 2 elements (16 bytes) but 4 bytes follow"],
    [
      file(header("<f8", "(1000000, 1000000)"), body),
      "x.npy: its header claims 1000000000000 elements (8.0 TB) but 4 bytes follow",
    ],
    [file(header("|u1", "(2,)"), body), "x.npy: 2 bytes follow its 2 elements"],
    [file(header("|O", "(4,)"), body), "x.npy: holds Python objects"],
    [file(header("<U1", "(1,)"), body), "x.npy: holds text"],
    [file(header("<c8", "(1,)"), body), "x.npy: holds complex numbers"],
    [file(header("<f16", "(1,)"), body), 'x.npy: element type "<f16" is not supported'],
    [
      file("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", body),
      "x.npy: holds records",
    ],
    [file("{'descr': '<f4'}", body), "x.npy: its .npy header is malformed"],
    [file(header("<f4", "(-1,)"), body), "x.npy: its shape (-1,) is not made of whole numbers"],
    [file(header("<f4", "(1,)"), body, 9), "x.npy: .npy format version 9 is not known"],
    [file(header("<u8", "(1,)"), new Uint8Array(8).fill(255)), "x.npy: element 0 exceeds 2^63 - 1"],
  ])("refuses malformed files (%#)", (bytes, message) => {
    expect(() => readNpy(bytes, "x.npy")).toThrow(message);
  });

  it("refuses arrays over the limit, widening included", () => {
    const bytes = file(header("<i2", "(2,)"), body);
    expect(() => readNpy(bytes, "x.npy", { maxBytes: 7 })).toThrow(
      "x.npy: needs 8 bytes of memory, more than the 7 bytes allowed",
    );
    expect(list(readNpy(bytes, "x.npy", { maxBytes: 8 }))).toEqual([0, 0]);
  });

  it("never fails otherwise than by an input error, whatever the bytes", () => {
    const good = file(header("<f4", "(1,)"), body);
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, cut) => {
        const bytes = good.slice(0, cut);
        if (at < cut) bytes[at] = byte;
        try {
          readNpy(bytes, "x.npy");
        } catch (error) {
          expect(error).toMatchObject({ code: "input" });
        }
      }),
      { numRuns: 500 },
    );
  });
});

const dtypes = ["u8", "bool", "f32", "f64", "i32", "u32"] as const;

it("writes what it reads, for every element type and shape", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...dtypes),
      fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 }),
      fc.infiniteStream(fc.integer({ min: 0, max: 1 })),
      (dtype, shape, values) => {
        const x = ndarray(dtype, shape);
        for (let i = 0; i < x.data.length; i++) x.data[i] = values.next().value as number;
        expect(readNpy(writeNpy(x), "x.npy")).toEqual(x);
      },
    ),
  );
});

const python = process.env.ANSATZ_PYTHON ?? "python3";
const run = (code: string, input?: Uint8Array) => spawnSync(python, ["-c", code], { input });
const hasNumpy = run("import numpy").status === 0;
const reason = `no numpy in ${python} (set ANSATZ_PYTHON)`;

describe(hasNumpy ? "against numpy" : `against numpy: skipped, ${reason}`, () => {
  const types = "|b1 |u1 |i1 <u2 >u2 <i2 >i2 <u4 >u4 <i4 >i4 <u8 >u8 <i8 >i8 <f2 >f2 <f4 >f4 <f8 >f8".split(
    " ",
  );
  it.skipIf(!hasNumpy)("reads what numpy writes, every type in both orders", () => {
    const code = `
import io, json, sys, numpy as np
out = []
for t in ${JSON.stringify(types)}:
    for order in "CF":
        x = np.random.default_rng(1).integers(-3, 3, (3, 2, 4)).astype(t)
        f = io.BytesIO(); np.save(f, np.asarray(x, order=order))
        out.append([t, order, f.getvalue().hex(), x.astype(float).ravel().tolist()])
json.dump(out, sys.stdout)`;
    const cases = JSON.parse(run(code).stdout.toString()) as [string, string, string, number[]][];
    expect(cases).toHaveLength(2 * types.length);
    for (const [type, order, hex, values] of cases) {
      const bytes = new Uint8Array(Buffer.from(hex, "hex"));
      if (type.endsWith("u8") && values.some((v) => v >= 2 ** 63)) {
        expect(() => readNpy(bytes, "x.npy")).toThrow("exceeds 2^63 - 1");
        continue;
      }
      const x = readNpy(bytes, "x.npy");
      expect({ type, order, shape: x.shape, values: list(x) }).toEqual({
        type,
        order,
        shape: [3, 2, 4],
        values,
      });
    }
  });

  it.skipIf(!hasNumpy)("writes what numpy reads", () => {
    const code = `
import io, json, sys, numpy as np
x = np.load(io.BytesIO(sys.stdin.buffer.read()))
json.dump([str(x.dtype), x.shape, x.astype(float).ravel().tolist()], sys.stdout)`;
    const names = { u8: "uint8", bool: "bool", f32: "float32", f64: "float64", i32: "int32", u32: "uint32" };
    for (const dtype of dtypes) {
      const x = ndarray(dtype, [2, 2]);
      x.data.set([0, 1, 1, 0]);
      const found = JSON.parse(run(code, writeNpy(x)).stdout.toString());
      expect(found).toEqual([names[dtype], [2, 2], [0, 1, 1, 0]]);
    }
  });
});
