import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import type { ComplexMatrix } from "../../stats/hermitian-eigen.ts";
import { blockOf, likeliestStates } from "./basis-states.ts";
import { densityBars } from "./density-bars.ts";
import { densityMap } from "./density-map.ts";
import { eigenvalues } from "./eigenvalues.ts";
import { pauliBars } from "./pauli-bars.ts";
import { settingDeviance } from "./setting-deviance.ts";

/** A GHZ state with the phase π/2 between its halves, with entries of `noise` between them. */
function ghz(qubits: number, noise = 0): ComplexMatrix {
  const n = 2 ** qubits;
  const out = { n, re: new Float64Array(n * n), im: new Float64Array(n * n) };
  out.re[0] = out.re[n * n - 1] = 0.5;
  out.im[n - 1] = -0.5;
  out.im[(n - 1) * n] = 0.5;
  if (noise > 0) out.re[1] = out.re[n] = noise;
  return out;
}

const inside = (svg: string) => parseHTML(`<body>${svg}</body>`).document;
const pointsOf = (d: string) =>
  [...d.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);

test("bars are as high as their entries, and hang below the floor where these are negative", () => {
  const at = (part: "real" | "imaginary") =>
    [...inside(densityBars({ matrix: ghz(3, 0.25), part })).querySelectorAll(".bars path")].map((path) => {
      const ys = pointsOf(path.getAttribute("d") as string).map(([, y]) => y as number);
      return Math.max(...ys) - Math.min(...ys);
    });
  // Three faces a bar; the first is seen from the left and has a slope of its own.
  const [real, imaginary] = [at("real"), at("imaginary")];
  expect(real.length).toBe(3 * 4);
  expect(imaginary.length).toBe(3 * 2);
  const slope = real[0]! - 2 * (real[0]! - real[3]!);
  expect((real[3]! - slope) / (real[0]! - slope)).toBeCloseTo(0.5, 3);
  // One scale for both parts: |0.5| is as high as 0.5.
  expect(imaginary[0]).toBeCloseTo(real[0]!, 1);
});

test("bars come from the back to the front: those nearer the viewer are drawn later", () => {
  const matrix = { n: 4, re: new Float64Array(16).fill(0.25), im: new Float64Array(16) };
  const tops = [...inside(densityBars({ matrix, part: "real" })).querySelectorAll(".bars path")]
    .filter((_, i) => i % 3 === 2)
    .map((path) => pointsOf(path.getAttribute("d") as string)[1] as number[]);
  expect(tops.length).toBe(16);
  const [row, column] = [(i: number) => Math.floor(i / 4), (i: number) => i % 4];
  for (let i = 0; i < 16; i++)
    for (let j = i + 1; j < 16; j++)
      // A bar hides another only if it comes before it in neither direction.
      if (row(j) >= row(i) && column(j) >= column(i)) expect(tops[j]![1]!).toBeGreaterThan(tops[i]![1]!);
});

test("labels name rows and columns, qubit 0 first, and do not crowd", () => {
  const labels = (qubits: number) =>
    [...inside(densityBars({ matrix: ghz(qubits), part: "real" })).querySelectorAll(".labels text")].map(
      (t) => t.textContent,
    );
  expect(labels(2)).toEqual(["⟨00|", "|00⟩", "⟨01|", "|01⟩", "⟨10|", "|10⟩", "⟨11|", "|11⟩"]);
  expect(labels(5).length).toBeLessThan(2 * 32);
  expect(densityBars({ matrix: ghz(6), part: "real" })).toContain("too many bars");
});

test("of a large matrix the likeliest basis states make a block", () => {
  const matrix = ghz(6);
  matrix.re[5 * 64 + 5] = 0.1;
  const states = likeliestStates([matrix], 3);
  expect(states).toEqual([0, 5, 63]);
  expect([...blockOf(matrix, states).re]).toEqual([0.5, 0, 0, 0, 0.1, 0, 0, 0, 0.5]);
});

test("a map has one colour for 0 and opposite ones for opposite entries", () => {
  const svg = densityMap({ groups: [{ matrices: [{ name: "the estimate", matrix: ghz(2) }] }] });
  const maps = [...inside(svg).querySelectorAll('g[shape-rendering="crispEdges"]')];
  const colours = (map: Element) =>
    [...map.querySelectorAll("path")].map((p) => [p.getAttribute("fill"), p.getAttribute("d")]);
  const grounds = maps.slice(0, 2).map((map) => map.querySelector("rect")?.getAttribute("fill"));
  expect(grounds[0]).toBe(grounds[1]);
  const [negative, positive] = colours(maps[1] as Element);
  expect(negative?.[1]).toContain("M3,0");
  expect(positive?.[1]).toContain("M0,3");
  // Red for what is positive, as in the real part.
  expect(positive?.[0]).toBe(colours(maps[0] as Element)[0]?.[0]);
  expect(negative?.[0]).not.toBe(positive?.[0]);
});

test("what there is nothing of is said", () => {
  expect(eigenvalues({ estimate: [] })).toContain("no eigenvalues");
  expect(settingDeviance({ settings: [] })).toContain("no deviances");
  expect(pauliBars({ strings: [] })).toContain("no Pauli strings");
});

test("eigenvalues at the end of the axis are hollow, and a setting beyond chance is named", () => {
  const svg = inside(eigenvalues({ estimate: [{ value: 1, error: 0.1 }, { value: 0 }] }));
  expect([...svg.querySelectorAll(".estimate circle")].map((c) => c.getAttribute("fill"))).toEqual([
    "#0072B2",
    "none",
  ]);
  const settings = Array.from({ length: 27 }, (_, i) => ({
    name: `S${i}`,
    sigmas: i === 4 ? 60 : 1,
    isFar: i === 4,
  }));
  const chart = settingDeviance({ settings });
  expect(chart).toContain("S4");
  expect(chart).not.toContain(">S5<");
});
