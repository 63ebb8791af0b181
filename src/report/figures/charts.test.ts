import { DOMParser } from "linkedom";
import { describe, expect, it } from "vitest";
import { correlation } from "./correlation.ts";
import { observableHistogram } from "./observable-histogram.ts";
import { theme } from "./theme.ts";
import { trainingCurve } from "./training-curve.ts";

/** A figure as a tree. */
function parseSvg(markup: string): Element {
  const document = new DOMParser().parseFromString(markup, "image/svg+xml");
  return document.documentElement as unknown as Element;
}

/** The shapes of the marks of class `name`. */
function marks(svg: Element, name: string): Element[] {
  return [
    ...svg.querySelectorAll(`g.${name} line, g.${name} path, g.${name} rect, g.${name} circle, line.${name}`),
  ];
}

/** The map from px to values of an axis, from its first and last tick labels. */
function axis(svg: Element, name: "x" | "y"): { valueAt: (px: number) => number; perPx: number } {
  const labels = [...svg.querySelectorAll(`[aria-label="${name}-axis tick label"] text`)];
  const read = (text: Element) => {
    const [x, y] = text
      .getAttribute("transform")!
      .match(/-?[\d.]+/g)!
      .map(Number);
    const value = Number(text.textContent!.replace("−", "-").replaceAll(",", ""));
    return { px: (name === "x" ? x : y)!, value };
  };
  const [first, last] = [read(labels[0]!), read(labels.at(-1)!)];
  const perPx = (last.value - first.value) / (last.px - first.px);
  return { valueAt: (px) => first.value + (px - first.px) * perPx, perPx };
}

const decay = (n: number, error?: number) =>
  Array.from({ length: n }, (_, i) => ({
    at: i + 1,
    value: 0.47 + 0.2 * Math.exp(-(i + 1) / 8),
    ...(error === undefined ? {} : { error }),
  }));

describe("the axis of values", () => {
  it("has room for its labels in a wide typeface too", () => {
    const svg = trainingCurve({ train: [1, 2, 3].map((at) => ({ at, value: 0.2821 + 0.0003 * at })) });
    const labels = [...svg.matchAll(/>(0\.\d+)<\/text>/g)].map(([, text]) => text!.length);
    // Digits of DejaVu Sans, what many systems without Source Sans show, are 0.64 em wide; ticks take 9 px.
    const ticks = 9 + Math.max(...labels) * 0.64 * theme.fontSize;
    expect(Math.max(...labels)).toBeGreaterThan(5);
    expect(ticks + theme.fontSize).toBeLessThan(theme.margin.left);
  });
});

describe("training curve", () => {
  it("draws the exact entropy at its height on the axis", () => {
    const svg = parseSvg(trainingCurve({ train: decay(60), exact: { value: 0.4689 }, best: 50 }));
    const line = marks(svg, "exact")[0]!;
    expect(axis(svg, "y").valueAt(Number(line.getAttribute("y1")))).toBeCloseTo(0.4689, 4);
    expect(line.getAttribute("y1")).toBe(line.getAttribute("y2"));
    expect(svg.querySelector(".legend")!.textContent).toContain("exact entropy 0.4689");
  });

  it("marks the best epoch where it is, and names it", () => {
    for (const best of [4, 50]) {
      const svg = parseSvg(trainingCurve({ train: decay(60), best }));
      const line = marks(svg, "best")[0]!;
      expect(axis(svg, "x").valueAt(Number(line.getAttribute("x1")))).toBeCloseTo(best, 1);
      expect(svg.textContent).toContain(`best epoch ${best}`);
    }
  });

  it("draws curve and band through the points", () => {
    const points = decay(40, 0.004);
    const svg = parseSvg(trainingCurve({ validation: points }));
    const y = axis(svg, "y");
    const corners = (name: string) =>
      marks(svg, name)[0]!
        .getAttribute("d")!
        .match(/-?[\d.]+,-?[\d.]+/g)!
        .map((c) => y.valueAt(Number(c.split(",")[1])));
    const curve = corners("validation");
    points.forEach((p, i) => {
      expect(curve[i]).toBeCloseTo(p.value, 3);
    });
    // The band's outline runs along the top and back along the bottom.
    const band = corners("validation-error");
    points.forEach((p, i) => {
      expect(Math.abs(band[i]! - band.at(-1 - i)!)).toBeCloseTo(2 * p.error!, 3);
    });
  });

  it("leaves a gap where a value is not finite, and cuts a steep beginning off", () => {
    const points = decay(40).map((p, i) => (i === 20 ? { ...p, value: Number.NaN } : p));
    points[0] = { at: 1, value: 1e6 };
    const markup = trainingCurve({ train: points });
    const svg = parseSvg(markup);
    expect(marks(svg, "train")[0]!.getAttribute("d")!.match(/M/g)).toHaveLength(2);
    expect(axis(svg, "y").valueAt(0)).toBeLessThan(2);
    expect(markup).not.toContain("NaN");
  });

  it("says so when there is nothing to draw", () => {
    expect(trainingCurve({})).toContain("no training curve");
    expect(trainingCurve({ train: [{ at: 1, value: Number.NaN }] })).toContain("no training curve");
  });

  it("draws a single epoch as a point", () => {
    const svg = parseSvg(
      trainingCurve({ train: [{ at: 1, value: 0.5 }], exact: { value: 0.4, error: 0.01 } }),
    );
    expect(marks(svg, "train-point")).toHaveLength(1);
    expect(marks(svg, "exact-error")).toHaveLength(1);
  });

  it("has ticks only at whole epochs", () => {
    for (const n of [2, 3, 5, 8]) {
      const svg = parseSvg(trainingCurve({ train: decay(n) }));
      for (const tick of svg.querySelectorAll('[aria-label="x-axis tick label"] text'))
        expect(tick.textContent).toMatch(/^\d+$/);
    }
  });

  it("gives the same markup every time", () => {
    const draw = () =>
      trainingCurve({ train: decay(30), validation: decay(30, 0.01), exact: { value: 0.46 } });
    expect(draw()).toBe(draw());
  });

  it("escapes what it is told", () => {
    const markup = trainingCurve({
      train: decay(9),
      quantity: '<script>&"',
      exact: { value: 0.46, label: "<b>" },
    });
    expect(markup).not.toContain("<script>");
    expect(markup).not.toContain("<b>");
    const svg = parseSvg(markup);
    expect(svg.textContent).toContain('<script>&"');
    expect(markup).toContain('aria-label="&lt;script&gt;&amp;&quot; against epoch"');
  });
});

describe("observable histogram", () => {
  // Three spins' |m|·3, drawn 8 and 4 times.
  const data = { values: [1, 1, 1, 1, 1, 1, 3, 3] };
  const model = { values: [1, 1, 3, 3] };

  it("centres bins on the levels of a finite lattice, and gives the right heights", () => {
    const svg = parseSvg(observableHistogram({ label: "3|m|", data, model }));
    const [x, y] = [axis(svg, "x"), axis(svg, "y")];
    const bars = marks(svg, "data").map((rect) => {
      const [left, width, height] = ["x", "width", "height"].map((a) => Number(rect.getAttribute(a)));
      return { from: x.valueAt(left!), to: x.valueAt(left! + width!), density: -height! * y.perPx };
    });
    expect(bars).toHaveLength(2);
    [
      [0, 2, 6 / 8 / 2],
      [2, 4, 2 / 8 / 2],
    ].forEach(([from, to, density], i) => {
      expect(bars[i]!.from).toBeCloseTo(from!, 1);
      expect(bars[i]!.to).toBeCloseTo(to!, 1);
      expect(bars[i]!.density).toBeCloseTo(density!, 3);
    });
  });

  it("draws error bars of one standard error to each side, 2τ in its square", () => {
    // A ready histogram, so that the error is known here and not by the code under test.
    const ready = {
      edges: Float64Array.of(0, 0.5, 1),
      counts: Float64Array.of(30, 70),
      probability: [
        { value: 0.3, error: 0.05 },
        { value: 0.7, error: 0.02 },
      ],
      below: 0,
      above: 0,
    };
    const svg = parseSvg(observableHistogram({ label: "|m|", model: ready }));
    const { perPx } = axis(svg, "y");
    const halves = marks(svg, "model-error").map(
      (l) => Math.abs(Number(l.getAttribute("y2")) - Number(l.getAttribute("y1"))) * Math.abs(perPx) * 0.5,
    );
    expect(halves).toHaveLength(2);
    expect(halves[0]).toBeCloseTo(0.05 / 0.5, 3);
    expect(halves[1]).toBeCloseTo(0.02 / 0.5, 3);

    const many = Array.from({ length: 400 }, (_, i) => i % 4 === 0);
    const lengthAt = (tau: number) => {
      const sample = { values: many.map(Number), tau };
      const figure = parseSvg(observableHistogram({ label: "x", data: sample }));
      const bar = marks(figure, "data-error")[0]!;
      return Math.abs(
        (Number(bar.getAttribute("y2")) - Number(bar.getAttribute("y1"))) * axis(figure, "y").perPx,
      );
    };
    expect(lengthAt(2) / lengthAt(0.5)).toBeCloseTo(2, 1);
  });

  it("draws the reference mean at its place", () => {
    const svg = parseSvg(observableHistogram({ label: "3|m|", data, reference: { value: 1.5, error: 0.1 } }));
    const x = axis(svg, "x");
    expect(x.valueAt(Number(marks(svg, "exact")[0]!.getAttribute("x1")))).toBeCloseTo(1.5, 1);
    expect(Number(marks(svg, "exact-error")[0]!.getAttribute("width")) * x.perPx).toBeCloseTo(0.2, 2);
    expect(svg.querySelector(".legend")!.textContent).toContain("exact mean 1.5");
  });

  it("ignores values that are not finite, and says so when none is left", () => {
    const withHoles = { values: [Number.NaN, ...data.values, Number.POSITIVE_INFINITY] };
    expect(observableHistogram({ label: "m", data: withHoles })).toBe(
      observableHistogram({ label: "m", data }),
    );
    expect(observableHistogram({ label: "|m|", data: { values: [] } })).toContain("no values of |m| to draw");
    expect(observableHistogram({ label: "<i>", model: { values: [Number.NaN] } })).toContain("&lt;i&gt;");
  });

  it("draws a constant observable", () => {
    expect(
      marks(parseSvg(observableHistogram({ label: "m", data: { values: [1, 1, 1] } })), "data"),
    ).toHaveLength(1);
  });

  it("refuses histograms over different bins", () => {
    const ready = (high: number) => ({
      edges: Float64Array.of(0, high),
      counts: Float64Array.of(1),
      probability: [{ value: 1, error: 0 }],
      below: 0,
      above: 0,
    });
    expect(() => observableHistogram({ label: "m", data: ready(1), model: ready(2) })).toThrow(
      /different edges/,
    );
  });
});

describe("correlation", () => {
  const points = (error: number) =>
    [0, 1, 2, 3, 4].map((r) => ({ r, value: Math.exp(-r / 2), error: error * (1 + r) }));

  it("draws points and error bars where they are", () => {
    const svg = parseSvg(correlation({ data: points(0.01), model: points(0.02), exact: points(0) }));
    const y = axis(svg, "y");
    for (const [name, error] of [
      ["data", 0.01],
      ["model", 0.02],
    ] as const) {
      const bars = marks(svg, `${name}-error`);
      marks(svg, name).forEach((dot, i) => {
        expect(y.valueAt(Number(dot.getAttribute("cy")))).toBeCloseTo(Math.exp(-i / 2), 3);
        const [low, high] = ["y1", "y2"].map((a) => y.valueAt(Number(bars[i]!.getAttribute(a))));
        expect(high! - low!).toBeCloseTo(2 * error * (1 + i), 3);
      });
    }
    expect(marks(svg, "exact")).toHaveLength(1);
  });

  it("leaves out on a logarithmic axis what is not positive, and ends bars at the axis", () => {
    const model = [...points(0.05), { r: 5, value: -0.01, error: 0.01 }];
    const markup = correlation({ model, log: true });
    const svg = parseSvg(markup);
    expect(markup).not.toContain("NaN");
    expect(marks(svg, "model")).toHaveLength(5);
    const bottom = Math.max(...marks(svg, "model-error").map((l) => Number(l.getAttribute("y1"))));
    expect(bottom).toBeLessThan(Number(svg.getAttribute("height")));
  });

  it("draws the same figure twice, and says so when there is nothing to draw", () => {
    expect(correlation({ data: points(0.1) })).toBe(correlation({ data: points(0.1) }));
    expect(correlation({ data: [] })).toContain("no values of C(r) to draw");
    expect(correlation({ data: [{ r: 1, value: -1 }], log: true })).toContain("no positive values of C(r)");
  });
});
