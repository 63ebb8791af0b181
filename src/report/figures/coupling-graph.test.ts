import { DOMParser } from "linkedom";
import { describe, expect, it } from "vitest";
import { couplingGraph } from "./coupling-graph.ts";
import { theme } from "./theme.ts";

const parse = (markup: string) =>
  new DOMParser().parseFromString(markup, "image/svg+xml").documentElement as unknown as Element;
const lines = (svg: Element) => [...svg.querySelectorAll("g.couplings path")];
const circles = (svg: Element) => [...svg.querySelectorAll("g.sites circle")];
const numbersIn = (path: Element) =>
  path
    .getAttribute("d")!
    .match(/-?[\d.]+/g)!
    .map(Number);

describe("coupling graph", () => {
  it("joins sites of a lattice where they lie, as wide as |K| and coloured by its sign", () => {
    const svg = parse(
      couplingGraph({
        shape: [3, 4],
        couplings: [
          { sites: [0, 1], value: 0.4 },
          { sites: [1, 5], value: -0.2 },
          { sites: [2], value: -0.1 },
          { sites: [0, 1, 2], value: 9 },
        ],
      }),
    );
    expect(lines(svg).length).toBe(2);
    const [weak, strong] = lines(svg) as [Element, Element];
    expect(strong.getAttribute("stroke")).toBe(theme.colour.model);
    expect(weak.getAttribute("stroke")).toBe(theme.colour.exact);
    const width = (line: Element) => Number(line.getAttribute("stroke-width"));
    expect((width(strong) - 0.4) / (width(weak) - 0.4)).toBeCloseTo(2, 1);
    const at = (site: number) => {
      const node = circles(svg)[2 * site]!;
      return ["cx", "cy"].map((name) => Number(node.getAttribute(name)));
    };
    expect(numbersIn(strong)).toEqual([...at(0), ...at(1)]);
    expect(numbersIn(weak)).toEqual([...at(1), ...at(5)]);
    expect(at(5)[0]).toBe(at(1)[0]);
    // The field fills its node, and no other is filled.
    const fills = circles(svg).flatMap((node, i) => (i % 2 === 1 ? [node.getAttribute("fill")] : []));
    expect(fills.filter((fill) => fill !== "none")).toEqual([theme.colour.exact]);
    expect(fills[2]).toBe(theme.colour.exact);
    expect(svg.textContent).toContain("K = 0.4");
    expect(svg.textContent).toContain("a field of ±0.1");
  });

  it("goes the shorter way around the torus: out at one border, in at the other", () => {
    const svg = parse(couplingGraph({ shape: [4, 4], couplings: [{ sites: [0, 3], value: 1 }] }));
    const [x0, y0, x1, y1, x2, y2, x3, y3] = numbersIn(lines(svg)[0]!) as number[];
    expect([y0, y1, y2]).toEqual([y3, y3, y3]);
    // From the first column to the left; from right of the last column to it.
    expect(x1!).toBeLessThan(x0!);
    expect(x2!).toBeGreaterThan(x3!);
    expect(x0! - x1!).toBeCloseTo(x2! - x3!, 6);
  });

  it("puts sites of no lattice on a circle, numbered where they are few", () => {
    const markup = couplingGraph({ shape: [12], couplings: [{ sites: [2, 7], value: 1 }] });
    const svg = parse(markup);
    const radii = circles(svg).map((node) =>
      Math.hypot(Number(node.getAttribute("cx")) - 240, Number(node.getAttribute("cy")) - 219.2),
    );
    for (const radius of radii) expect(radius).toBeCloseTo(radii[0]!, 1);
    expect(markup).toContain(">11</text>");
    expect(couplingGraph({ shape: [100], couplings: [{ sites: [2, 7], value: 1 }] })).not.toContain(
      ">99</text>",
    );
  });

  it("says where there is nothing to draw", () => {
    expect(couplingGraph({ shape: [3], couplings: [] })).toContain("no couplings to draw");
  });
});
