import { describe, expect, test } from "vitest";
import { fillBits, fillBlocks } from "./threefry.ts";

function block(k0: number, k1: number, c0: number, c1: number): number[] {
  const out = new Uint32Array(2);
  fillBlocks(k0, k1, c0, c1, out);
  return [...out];
}

describe("threefry-2x32-20", () => {
  // Random123 1.14, tests/kat_vectors: lines `threefry2x32 20 counter key result`.
  test.each([
    [
      [0, 0],
      [0, 0],
      [0x6b200159, 0x99ba4efe],
    ],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x1cb996fc, 0xbb002be7],
    ],
    [
      [0x243f6a88, 0x85a308d3],
      [0x13198a2e, 0x03707344],
      [0xc4923a9c, 0x483df7a0],
    ],
  ])("known answer for counter %j, key %j", (counter, key, answer) => {
    expect(block(key[0]!, key[1]!, counter[0]!, counter[1]!)).toEqual(answer);
  });

  test("the counter carries into its high word, and wraps", () => {
    const out = new Uint32Array(4);
    fillBlocks(7, 9, 0xffffffff, 41, out);
    expect([...out]).toEqual([...block(7, 9, 0xffffffff, 41), ...block(7, 9, 0, 42)]);
    fillBlocks(7, 9, 0xffffffff, 0xffffffff, out);
    expect([...out.subarray(2)]).toEqual(block(7, 9, 0, 0));
  });
});

describe("fillBits", () => {
  test("filling in pieces of any length and parity gives the stream", () => {
    const whole = new Uint32Array(40);
    fillBits(1, 2, whole);
    for (let offset = 0; offset < 12; offset++)
      for (let length = 0; length < 12; length++) {
        const piece = new Uint32Array(length);
        fillBits(1, 2, piece, offset);
        expect([...piece]).toEqual([...whole.subarray(offset, offset + length)]);
      }
  });

  test("an offset beyond 2^32 words is a counter beyond its low word", () => {
    const piece = new Uint32Array(3);
    fillBits(1, 2, piece, 2 ** 33 + 1);
    expect([...piece]).toEqual([block(1, 2, 0, 1)[1], ...block(1, 2, 1, 1)]);
    fillBits(1, 2, piece, 2 ** 33 - 1);
    expect([...piece]).toEqual([block(1, 2, 0xffffffff, 0)[1], ...block(1, 2, 0, 1)]);
  });

  test("each of the 64 input bits of the key and of the counter changes half of the output", () => {
    let flips = 0;
    const reference = block(0x12345678, 0x9abcdef0, 5, 6);
    for (let bit = 0; bit < 32; bit++)
      for (const [k0, k1, c0, c1] of [
        [1, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
        [0, 0, 0, 1],
      ] as const) {
        const other = block(
          (0x12345678 ^ (k0 << bit)) >>> 0,
          (0x9abcdef0 ^ (k1 << bit)) >>> 0,
          5 ^ (c0 << bit),
          6 ^ (c1 << bit),
        );
        for (const i of [0, 1])
          flips += ((reference[i]! ^ other[i]!) >>> 0).toString(2).replaceAll("0", "").length;
      }
    // 128 inputs, 64 output bits each: 4096 ± 45 flips if every bit is fair. Five sigmas.
    expect(Math.abs(flips - 4096)).toBeLessThan(5 * Math.sqrt(128 * 64 * 0.25));
  });
});
