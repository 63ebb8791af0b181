import { expect, test } from "vitest";
import { Key } from "../../random/key.ts";
import { normal } from "../../random/normal.ts";
import { uniform } from "../../random/uniform.ts";
import { observableHistogram } from "./observable-histogram.ts";
import { centralRange } from "./shared-bins.ts";

const bell = [...normal(Key.fromSeed(1), 2000, "f64")];
const cauchy = [...uniform(Key.fromSeed(2), 2000, "f64")].map((u) => Math.tan(Math.PI * (u - 0.5)));

test("tails that would hide the rest are cut, others are not", () => {
  expect(centralRange(bell)).toBeUndefined();
  expect(centralRange(bell.map(Math.exp))).toBeUndefined();
  const [low, high] = centralRange([...bell, 1e6])!;
  expect([Math.abs(low + 2.7) < 0.4, Math.abs(high - 2.7) < 0.4]).toEqual([true, true]);
  const [least, most] = centralRange(cauchy)!;
  const inside = cauchy.filter((v) => v >= least && v <= most);
  expect(inside.length / cauchy.length).toBeGreaterThan(0.985);
});

test("a histogram with an outlier shows the distribution, and says what it leaves out", () => {
  const bars = (markup: string) => (markup.match(/<circle/g) ?? []).length;
  const spoilt = observableHistogram({ label: "x", model: { values: [...bell, 1e6] } });
  expect(spoilt).toContain("x (central 99 %)");
  expect(bars(spoilt)).toBeGreaterThan(20);
  expect(observableHistogram({ label: "x", model: { values: bell } })).not.toContain("central");
});
