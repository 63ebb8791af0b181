import { expect, test } from "vitest";
import { AnsatzError } from "../error.ts";
import { arena } from "./arena.ts";

test("blocks are aligned, apart, above the kernels' own addresses and inside the memory", () => {
  const sizes = [4, 0, 65_536, 12, 100_001];
  const { memory, offsets } = arena(sizes);
  let end = 4096;
  for (const [i, offset] of offsets.entries()) {
    expect(offset % 64).toBe(0);
    expect(offset).toBeGreaterThanOrEqual(end);
    end = offset + (sizes[i] as number);
  }
  expect(memory.buffer.byteLength).toBeGreaterThanOrEqual(end);
  expect(() => memory.grow(1)).toThrow(RangeError);
});

test("more than WebAssembly can address is refused before anything is allocated", () => {
  expect(() => arena([2 ** 31, 2 ** 31])).toThrow(AnsatzError);
  expect(() => arena([2 ** 31, 2 ** 31])).toThrow(/4\.00 GiB in all; WebAssembly memory holds 4 GiB/);
});
