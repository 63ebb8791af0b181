import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { figureName } from "./figure-name.ts";
import { configurations, correlation, observableHistogram, trainingCurve } from "./index.ts";
import { count, duration, page } from "./page.ts";
import type { PageContent } from "./report.ts";

const attack = `"><script>alert(1)</script><img src=x onerror='alert(2)'>`;

function report(text: string): PageContent {
  const figures = {
    "training-curve": trainingCurve({
      train: [1, 2, 3].map((at) => ({ at, value: 1 / at })),
      quantity: text,
      exact: { value: 0.2, label: text },
    }),
    [figureName("observable", text)]: observableHistogram({ label: text, data: { values: [1, 2, 3, 3] } }),
    "observable-empty": observableHistogram({ label: text }),
    correlation: correlation({ label: text, distance: text, data: [{ r: 1, value: 0.5, error: 0.1 }] }),
    configurations: configurations({
      site: { kind: "categorical", states: 2, labels: [text, text] },
      shape: [2],
      data: [0, 1],
    }),
  };
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
    facts: {
      Model: { family: text, space: text, parameters: count(785408), [text]: text, hidden: [512] },
      Training: { [text]: [text], clip: null, schedule: { name: text } },
      Data: { file: text },
      Run: { seed: text, time: duration(141.3), [text]: text },
    },
  };
}

describe("report page", () => {
  it("shows hostile text as text, wherever it comes from", () => {
    const html = page(report(attack), { command: `ansatz fit ${attack}` });
    const { document } = parseHTML(html);
    expect(document.querySelectorAll("script, img, iframe, object, link, foreignObject")).toHaveLength(0);
    for (const element of document.querySelectorAll("*"))
      for (const name of element.getAttributeNames()) expect(name).not.toMatch(/^on/i);
    expect(document.querySelector("h1")!.textContent).toBe(attack);
    expect(document.querySelector("pre")!.textContent).toBe(`ansatz fit ${attack}`);
    expect(document.querySelector(".scroll + p.note")!.textContent).toBe(attack);
    expect(document.querySelector("title")!.textContent).toBe(attack);
  });

  it("asks nothing of the network", () => {
    const html = page(report("plain"), { command: "ansatz fit plain" });
    const outside = html.match(/(?:src|href|url)\s*[=(]\s*["']?(?!#|data:)[^\s"')]+/gi) ?? [];
    expect(outside).toEqual([]);
    expect(html.match(/https?:\/\/[^"\s]+/g)?.every((u) => u === "http://www.w3.org/2000/svg")).toBe(true);
    expect(html).toContain("default-src 'none'");
  });

  it("says every number beside its reference, and marks what is far from it", () => {
    const { document } = parseHTML(page(report("plain")));
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
    const { document } = parseHTML(page(report("plain")));
    const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of document.toString().matchAll(/url\(#([\w-]+)\)/g)) expect(ids).toContain(id);
  });

  it("is the same every time", () => {
    expect(page(report("plain"))).toBe(page(report("plain")));
  });

  it("says what is missing", () => {
    const html = page({
      ...report("x"),
      ...{ numbers: [], figures: [] },
      facts: { Data: {}, Run: { time: duration(Number.NaN) } },
    });
    for (const text of [
      "No numbers were computed",
      "No figures were drawn",
      "Nothing was recorded",
      "unknown",
    ])
      expect(html).toContain(text);
  });

  it("refuses markup that is no figure, and two figures of one name", () => {
    const figure = { name: "a", svg: "<p>", caption: "" };
    expect(() => page({ ...report("x"), figures: [figure] })).toThrow('the figure "a" is not SVG markup');
    const good = { ...figure, svg: "<svg ></svg>" };
    expect(() => page({ ...report("x"), figures: [good, good] })).toThrow('named "a"');
  });
});
