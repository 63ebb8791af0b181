import fc from "fast-check";
import { expect, it } from "vitest";
import { arrayFrom } from "../array.ts";
import { Key } from "../random/key.ts";
import { epochOrder, gatherRows } from "./batches.ts";

const key = Key.fromSeed(7);

it("visits every row once an epoch, in an order that depends on the key and epoch alone", () => {
  const rows = Uint32Array.from({ length: 103 }, (_, i) => 2 * i);
  expect([...epochOrder(key, 0, rows)].sort((a, b) => a - b)).toEqual([...rows]);
  expect(epochOrder(key, 5, rows)).toEqual(epochOrder(key, 5, rows));
  expect(epochOrder(key, 5, rows)).not.toEqual(epochOrder(key, 6, rows));
});

it("gathers rows of any element type into the buffer it is given", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("u8" as const, "i32" as const, "i64" as const, "f32" as const, "f64" as const),
      fc.boolean(),
      fc.array(fc.nat(9)),
      fc.nat(3),
      (dtype, asFloat, picks, offset) => {
        const x = arrayFrom(
          dtype,
          [10, 2, 3],
          Array.from({ length: 60 }, (_, i) => i),
        );
        const size = offset + 6 * picks.length;
        const into = asFloat ? new Float32Array(size) : new Int32Array(size);
        gatherRows(x, Uint32Array.from(picks), into, offset);
        const expected = picks.flatMap((r) => Array.from({ length: 6 }, (_, i) => 6 * r + i));
        expect([...into]).toEqual([...Array(offset).fill(0), ...expected]);
      },
    ),
  );
});

it("refuses a buffer that is too short", () => {
  const x = arrayFrom("u8", [2, 3], [0, 1, 0, 1, 1, 1]);
  expect(() => gatherRows(x, Uint32Array.of(0, 1), new Float32Array(6), 1)).toThrow(
    "a buffer of 5 elements cannot take 2 rows of 3",
  );
});
