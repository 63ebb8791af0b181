import { expect, it } from "vitest";
import { formatNumber, formatPowerOfTen, trueMinus } from "./format.ts";

it.each([
  [0.4689, "0.4689"],
  [-1.45306512, "−1.4531"],
  [0, "0"],
  [2, "2"],
  [1e-7, "1e−7"],
  [-2.5e9, "−2.5e9"],
  [Number.NEGATIVE_INFINITY, "−∞"],
  [Number.NaN, "not a number"],
])("prints %d as %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

it("signs numbers, and leaves hyphens in words alone", () => {
  expect(trueMinus("-1.5 ± 0.2")).toBe("−1.5 ± 0.2");
  expect(trueMinus("(-2.4 ± 0.3)e-7")).toBe("(−2.4 ± 0.3)e−7");
  expect(trueMinus("ising-8x8 2026-01-02")).toBe("ising-8x8 2026-01-02");
});

it.each([
  [0.01, "0.01"],
  [1, "1"],
  [100, "100"],
  [1e-12, "10⁻¹²"],
  [1e3, "10³"],
])("writes the tick %d as %s", (value, text) => {
  expect(formatPowerOfTen(value)).toBe(text);
});
