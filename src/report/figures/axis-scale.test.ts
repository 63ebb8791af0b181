import { describe, expect, it } from "vitest";
import { axisScale, scaledLabel } from "./axis-scale.ts";

const domains: readonly (readonly [number, number])[] = [
  [0, 1e-6],
  [-3e-6, 2e-6],
  [1e6, 5e6],
  [-4e12, 3e12],
  [1e6 - 2, 1e6 + 2],
  [-1e12 - 3e6, -1e12 + 5e6],
  [7e-9, 7.0001e-9],
  [250_000, 250_001],
];

describe("ticks of an axis", () => {
  it.each(domains)("from %d to %d are short, differ, and say the value with the label", (low, high) => {
    const { offset, power, tick } = axisScale([low, high]);
    const values = Array.from({ length: 6 }, (_, i) => low + (i / 5) * (high - low));
    const texts = values.map((v) => tick!(v));
    expect(new Set(texts).size).toBe(6);
    for (const [i, text] of texts.entries()) {
      expect(text.length, text).toBeLessThanOrEqual(8);
      const said = Number(text.replace("−", "-")) * 10 ** power + (offset?.value ?? 0);
      expect(Math.abs(said - values[i]!)).toBeLessThan(2e-3 * (high - low));
    }
  });

  it("of ordinary size are written as they are", () => {
    for (const domain of [
      [0, 1],
      [-2, 0.5],
      [0.01, 9000],
    ] as const)
      expect(axisScale(domain)).toEqual({ power: 0 });
    expect(scaledLabel("m", axisScale([0, 1]))).toBe("m");
  });

  it("that leave something out say so in the label", () => {
    expect(scaledLabel("charge", axisScale([0, 4e-6]))).toBe("charge / 10⁻⁶");
    expect(scaledLabel("f", axisScale([1e6 - 2, 1e6 + 2]))).toBe("f − 10⁶");
    expect(scaledLabel("f", axisScale([-1e12, 5e6 - 1e12]))).toBe("(f + 10¹²) / 10⁶");
  });
});
