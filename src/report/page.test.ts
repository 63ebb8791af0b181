import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { buildFigures } from "./build-figures.ts";
import { reportPage } from "./page.ts";
import type { Report } from "./report.ts";

const attack = `"><script>alert(1)</script><img src=x onerror='alert(2)'>`;

function report(text: string): Report {
  const figures = buildFigures({
    training: {
      train: [1, 2, 3].map((at) => ({ at, value: 1 / at })),
      quantity: text,
      exact: { value: 0.2, label: text },
    },
    observables: { [text]: { label: text, data: { values: [1, 2, 3, 3] } }, empty: { label: text } },
    correlation: { label: text, distance: text, data: [{ r: 1, value: 0.5, error: 0.1 }] },
    configurations: {
      site: { kind: "categorical", states: 2, labels: [text, text] },
      shape: [2],
      data: [0, 1],
    },
  });
  return {
    title: text,
    summary: text,
    numbersNote: text,
    numbers: [
      {
        name: text,
        estimate: { value: -1.4531, error: 0.0004 },
        reference: { value: -1.453065, source: text },
        note: text,
      },
      { name: "far", estimate: { value: 1, error: 0.1 }, reference: { value: 0 } },
    ],
    figures: Object.entries(figures).map(([name, svg]) => ({ name, svg, caption: text })),
    model: {
      family: text,
      hyperparameters: { [text]: text, hidden: [512] },
      space: text,
      parameters: 785408,
    },
    training: { [text]: [text], clip: null, schedule: { name: text } },
    data: { file: text },
    versions: { [text]: text },
    seed: text,
    seconds: 141.3,
    command: `ansatz fit ${text}`,
  };
}

describe("report page", () => {
  it("shows hostile text as text, wherever it comes from", () => {
    const page = reportPage(report(attack));
    const { document } = parseHTML(page);
    expect(document.querySelectorAll("script, img, iframe, object, link, foreignObject")).toHaveLength(0);
    for (const element of document.querySelectorAll("*"))
      for (const name of element.getAttributeNames()) expect(name).not.toMatch(/^on/i);
    expect(document.querySelector("h1")!.textContent).toBe(attack);
    expect(document.querySelector("pre")!.textContent).toBe(`ansatz fit ${attack}`);
    expect(document.querySelector(".scroll + p.note")!.textContent).toBe(attack);
    expect(document.querySelector("title")!.textContent).toBe(attack);
  });

  it("asks nothing of the network", () => {
    const page = reportPage(report("plain"));
    const outside = page.match(/(?:src|href|url)\s*[=(]\s*["']?(?!#|data:)[^\s"')]+/gi) ?? [];
    expect(outside).toEqual([]);
    expect(page.match(/https?:\/\/[^"\s]+/g)?.every((u) => u === "http://www.w3.org/2000/svg")).toBe(true);
    expect(page).toContain("default-src 'none'");
  });

  it("says every number beside its reference, and marks what is far from it", () => {
    const { document } = parseHTML(reportPage(report("plain")));
    const cells = [...document.querySelectorAll("tbody tr")].map((tr) =>
      [...tr.children].map((c) => c.textContent),
    );
    expect(cells[0]).toEqual(["plain", "−1.4531 ± 0.0004", "−1.453065 (plain)", "−0.1 σ", "plain"]);
    expect(cells[1]!.slice(0, 4)).toEqual(["far", "1.00 ± 0.10", "0 (exact)", "+10.0 σ"]);
    expect(document.querySelectorAll("td.away")).toHaveLength(1);
    const text = document.querySelector(".facts")!.textContent;
    for (const fact of ["785\u2009408", "512", "2 min 21 s", "none", '{"name":"plain"}'])
      expect(text).toContain(fact);
  });

  it("gives every id once", () => {
    const { document } = parseHTML(reportPage(report("plain")));
    const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of document.toString().matchAll(/url\(#([\w-]+)\)/g)) expect(ids).toContain(id);
  });

  it("is the same every time", () => {
    expect(reportPage(report("plain"))).toBe(reportPage(report("plain")));
  });

  it("says what is missing", () => {
    const page = reportPage({ ...report("x"), numbers: [], figures: [], data: {}, seconds: Number.NaN });
    for (const text of [
      "No numbers were computed",
      "No figures were drawn",
      "Nothing was recorded",
      "unknown",
    ])
      expect(page).toContain(text);
  });

  it("refuses markup that is no figure, and two figures of one name", () => {
    const figure = { name: "a", svg: "<p>", caption: "" };
    expect(() => reportPage({ ...report("x"), figures: [figure] })).toThrow(
      'the figure "a" is not SVG markup',
    );
    const good = { ...figure, svg: "<svg ></svg>" };
    expect(() => reportPage({ ...report("x"), figures: [good, good] })).toThrow('named "a"');
  });
});
