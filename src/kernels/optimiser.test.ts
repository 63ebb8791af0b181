import { describe, expect, test } from "vitest";
import { arena } from "./arena.ts";
import { optimiserKernel } from "./optimiser.ts";

function vectors(...contents: readonly (readonly number[])[]) {
  const { memory, offsets } = arena(contents.map((values) => values.length * 4));
  const views = offsets.map((offset, i) => {
    const view = new Float32Array(memory.buffer, offset, contents[i]?.length);
    view.set(contents[i] as number[]);
    return view;
  });
  return { kernel: optimiserKernel(memory), offsets, views };
}

const lengths = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33];

describe.each(lengths)("over %i elements", (n) => {
  const values = Array.from({ length: n }, (_, i) => Math.fround(Math.sin(i + 1) * 10 ** (i % 5)));
  const mask = values.map((_, i) => i % 2);

  test("sumSquares is the f64 sum, with and without a mask, and reads nothing beyond the end", () => {
    const { kernel, offsets } = vectors(values, [1e30], mask);
    const [x = 0, , m = 0] = offsets;
    const plain = values.reduce((sum, v) => sum + v * v, 0);
    const masked = values.reduce((sum, v, i) => sum + v * v * (i % 2), 0);
    expect(Math.abs(kernel.sumSquares(x, 0, n) - plain)).toBeLessThanOrEqual(1e-14 * plain);
    expect(Math.abs(kernel.sumSquares(x, m, n) - masked)).toBeLessThanOrEqual(1e-14 * masked);
  });

  test("scale multiplies every element and nothing beyond the end", () => {
    const { kernel, offsets, views } = vectors([...values, 5]);
    kernel.scale(offsets[0] as number, n, 0.5);
    expect([...(views[0] as Float32Array)]).toEqual([...values.map((v) => v * 0.5), 5]);
  });

  test("countNonFinite finds NaN and both infinities wherever they stand", () => {
    for (let at = 0; at < n; at++) {
      const { kernel, offsets, views } = vectors(values);
      const x = views[0] as Float32Array;
      expect(kernel.countNonFinite(offsets[0] as number, n)).toBe(0);
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        x[at] = bad;
        expect(kernel.countNonFinite(offsets[0] as number, n)).toBe(1);
        expect(Number.isFinite(kernel.sumSquares(offsets[0] as number, 0, n))).toBe(false);
      }
    }
  });
});

test("sumSquares overflows for no finite f32", () => {
  const largest = 3.4028234663852886e38;
  const { kernel, offsets } = vectors(new Array<number>(9).fill(largest));
  expect(kernel.sumSquares(offsets[0] as number, 0, 9)).toBeCloseTo(9 * largest * largest, -66);
  expect(kernel.countNonFinite(offsets[0] as number, 9)).toBe(0);
});
