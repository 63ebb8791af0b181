import { describe, expect, it } from "vitest";
import { emptyFigure } from "./figures/svg.ts";
import { theme } from "./figures/theme.ts";
import { trainingCurve } from "./figures/training-curve.ts";
import { svgToPng } from "./png.node.ts";

const svg = trainingCurve({ train: [1, 2, 3].map((at) => ({ at, value: 1 / at })) });

describe("PNG", () => {
  it("has the signature and the size of the figure times the scale", () => {
    const png = svgToPng(emptyFigure("nothing"), { scale: 2 });
    expect([...png.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const view = new DataView(png.buffer, png.byteOffset);
    expect([view.getUint32(16), view.getUint32(20)]).toEqual([2 * theme.width, 2 * theme.height]);
  });

  it("draws text with its own typeface, the symbols of physics included", () => {
    // A typeface without a glyph would draw its box, the same for every such glyph; without any, nothing.
    const glyphs = [..."Aβτσφχ⟨⟩−±∞²⁻"].map((c) =>
      Buffer.from(svgToPng(textOnly(c), { scale: 1 })).toString("base64"),
    );
    const [blank, missing] = [" ", "\ue000"].map((c) =>
      Buffer.from(svgToPng(textOnly(c), { scale: 1 })).toString("base64"),
    );
    expect(new Set([...glyphs, blank, missing]).size).toBe(glyphs.length + 2);
  });

  it("is drawn whatever the labels hold", () => {
    const hostile = '"><script>&\u00a0\u0001&nbsp;]]>';
    const points = [{ at: 1, value: 1 }];
    const figure = trainingCurve({ train: points, quantity: hostile, exact: { value: 0, label: hostile } });
    expect(svgToPng(figure, { scale: 1 }).length).toBeGreaterThan(1000);
  });

  it("is the same every time", () => {
    expect(Buffer.compare(svgToPng(svg, { scale: 1 }), svgToPng(svg, { scale: 1 }))).toBe(0);
  });

  it("names what it cannot draw", () => {
    expect(() => svgToPng("<svg")).toThrow(/cannot draw this SVG/);
    expect(() => svgToPng(svg, { scale: 0 })).toThrow(/scale/);
  });
});

function textOnly(text: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30" font-size="20"><text x="8" y="22">${text}</text></svg>`;
}
