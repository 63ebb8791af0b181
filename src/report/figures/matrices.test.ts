import { describe, expect, it } from "vitest";
import { Key } from "../../random/key.ts";
import { normal } from "../../random/normal.ts";
import { correlationMatrix } from "./correlation-matrix.ts";
import { pairs } from "./pairs.ts";

const column = (seed: number, scale = 1) => normal(Key.fromSeed(seed), 300, "f64").map((v) => v * scale);
const points = (markup: string) => (markup.match(/h0/g) ?? []).length;

describe("pairs of columns", () => {
  const data = [column(1), column(2, 1e6), column(3, 1e-6)];
  const svg = pairs({ names: ["a", "b & c", "a name of many words"], data, model: data });

  it("draw data below the diagonal, the model above, both on it", () => {
    const count = (name: string) => svg.match(new RegExp(`<path class="${name}"`, "g"))?.length;
    expect([count("data"), count("model")]).toEqual([6, 6]);
    expect(svg).toContain("b &amp; c");
    // Of equal data both triangles have the same points.
    const of = (name: string) =>
      [...svg.matchAll(new RegExp(`<path class="${name}" d="([^"]*)"`, "g"))].reduce(
        (n, [, d]) => n + points(d!),
        0,
      );
    expect(of("data")).toBe(of("model"));
    expect(of("data")).toBeGreaterThan(3 * 280);
  });

  it("are drawn on the scale of most of the data, whatever one outlier is", () => {
    const outlier = data.map((own, i) =>
      i === 0 ? Float64Array.of(...own, 1e9) : Float64Array.of(...own, 0),
    );
    const drawn = pairs({ names: ["a", "b", "c"], data: outlier, model: data });
    expect(points(drawn)).toBeGreaterThan(0.95 * points(svg));
  });

  it("of a column that does not vary, and of none, are drawn too", () => {
    const flat = [Float64Array.of(1, 1, 1), Float64Array.of(1, 2, 3)];
    expect(pairs({ names: ["a", "b"], data: flat, model: flat })).not.toContain("NaN");
    expect(pairs({ names: [], data: [], model: [] })).toContain("no columns to draw");
  });
});

describe("a matrix of correlations", () => {
  const cell = (model: number) => ({
    ...{ first: 0, second: 1, data: { value: 0.5, error: 0.01 } },
    model: { value: model, error: 0.01 },
  });
  const drawn = (model: number) => correlationMatrix({ names: ["a", "b"], cells: [cell(model)] });

  it("has both with their errors, bold where they differ", () => {
    expect(drawn(0.52)).toMatch(/0\.500?<\/text>.*± 0\.010.*0\.520/s);
    expect(drawn(0.52)).not.toContain('font-weight="700"');
    expect(drawn(0.6)).toContain('font-weight="700"');
  });

  it("has no colour for what is unknown", () => {
    const svg = drawn(Number.NaN);
    expect(svg).toContain('fill="none"');
    expect(svg).not.toContain("NaN");
  });
});
