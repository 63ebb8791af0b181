import { unzlibSync } from "fflate";
import { DOMParser } from "linkedom";
import { describe, expect, it } from "vitest";
import { logWeights } from "./log-weights.ts";
import { planeDensities } from "./plane.ts";

/** Palette indices of the pixels of every image of a figure, row by row, 0 for blank. */
function images(markup: string): number[][][] {
  return [...markup.matchAll(/<image width="(\d+)" height="(\d+)"[^>]*base64,([^"]+)"/g)].map(
    ([, w, h, base64]) => {
      const png = Uint8Array.from(atob(base64!), (c) => c.charCodeAt(0));
      const text = Array.from(png, (b) => String.fromCharCode(b)).join("");
      const at = text.indexOf("IDAT");
      const length = new DataView(png.buffer).getUint32(at - 4);
      const raw = unzlibSync(png.subarray(at + 4, at + 4 + length));
      return Array.from({ length: Number(h) }, (_, row) => [
        ...raw.subarray(row * (Number(w) + 1) + 1, (row + 1) * (Number(w) + 1)),
      ]);
    },
  );
}

const plane = { x: [-1, 1], y: [0, 4], size: 2 } as const;

describe("densities of the plane", () => {
  it("are drawn from the top row down, all panels in one scale from 0 to `most`", () => {
    const markup = planeDensities({
      ...plane,
      most: 2,
      panels: [
        { title: "exact", density: [0, 1, 2, 0.5] },
        { title: "model", density: [5, 0, -1, Number.NaN] },
      ],
    });
    const [exact, model] = images(markup);
    // Colours are numbered from 1 of 128; the brightest is also that of what lies above.
    expect(exact).toEqual([
      [1, 65],
      [128, 33],
    ]);
    expect(model![0]).toEqual([128, 1]);
    expect(model![1]![0]).toBe(1);
    expect(markup).toContain(">exact</text>");
    expect(markup).toContain(">2 (density)</text>");
  });

  it("places lines by the axes, and cuts them off at the frame", () => {
    const markup = planeDensities({
      ...plane,
      panels: [{ title: "grid", lines: [[-1, 4, 1, 0, Number.NaN, 1, 0, 2]] }],
    });
    const [, d] = /<path d="(M[^"]+)"\/><\/g>/.exec(markup)!;
    const points = d!
      .slice(1)
      .split("L")
      .map((p) => p.split(",").map(Number));
    expect(points.length).toBe(3);
    const [[left, top], [right, bottom], [x, y]] = points as [number[], number[], number[]];
    expect([left, top]).toEqual([0, 0]);
    expect(x).toBeCloseTo(right! / 2, 1);
    expect(y).toBeCloseTo(bottom! / 2, 1);
    expect(markup).toContain("clip-path");
    expect(markup).not.toContain("(density)");
  });

  it("refuses a density of another size, and says that there is none", () => {
    const wrong = { ...plane, panels: [{ title: "model", density: [1, 2, 3] }] };
    expect(() => planeDensities(wrong)).toThrow("the density of model has 3 cells, not 2 × 2");
    expect(planeDensities({ ...plane, panels: [] })).toContain("no densities to draw");
  });
});

describe("log-weights", () => {
  it("draw a point a sample and the line of a perfect model", () => {
    const logProb = Float64Array.from({ length: 50 }, (_, i) => -i / 5);
    const markup = logWeights({ logProb, minusAction: logProb.map((q) => q + 3), logZ: { value: 3 } });
    const svg = new DOMParser().parseFromString(markup, "image/svg+xml")
      .documentElement as unknown as Element;
    const points = [...svg.querySelectorAll("g.samples circle")].map((circle) =>
      ["cx", "cy"].map((name) => Number(circle.getAttribute(name))),
    );
    expect(points.length).toBe(50);
    // All lie on the line, whose ends the path names.
    const path = svg.querySelector("g.exact path, path.exact")!.getAttribute("d")!;
    const [x1, y1, x2, y2] = path.match(/-?[\d.]+/g)!.map(Number);
    for (const [cx, cy] of points) {
      const at = y1! + ((Number(cx) - x1!) / (x2! - x1!)) * (y2! - y1!);
      expect(Math.abs(Number(cy) - at)).toBeLessThan(0.1);
    }
    expect(markup).toContain("log q + log Z (3)");
  });

  it("leaves out what is not finite, and says so where nothing is left", () => {
    expect(logWeights({ logProb: [Number.NaN], minusAction: [1], logZ: { value: 0 } })).toContain(
      "no samples",
    );
  });
});
