import { unzlibSync } from "fflate";
import { expect, it } from "vitest";
import { configurations } from "./configurations.ts";
import { theme } from "./theme.ts";

/** Paints the runs of every configuration of a panel back into a grid of colours. */
function paint(markup: string, panel: string, rows: number, columns: number): string[][] {
  const group = new RegExp(`<g class="${panel}"[^>]*>(.*?)</g></g>`).exec(markup)![1]!;
  return group
    .split("<g transform")
    .slice(1)
    .map((one) => {
      const ground = /<rect width="\d+" height="\d+" fill="(#\w+)"\/>/.exec(one)?.[1] ?? "";
      const cells = new Array<string>(rows * columns).fill(ground);
      for (const [, fill, d] of one.matchAll(/<path fill="(#\w+)" d="([^"]*)"/g))
        for (const [, x, y, w] of d!.matchAll(/M(\d+),(\d+)h(\d+)v1h-\d+z/g))
          cells.fill(fill!, Number(y) * columns + Number(x), Number(y) * columns + Number(x) + Number(w));
      return cells;
    });
}

const { down, up } = theme.spin;

it("paints every spin in its place, from 0/1 and from ±1 alike", () => {
  const bits = [0, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 0];
  const markup = configurations({
    site: { kind: "binary" },
    shape: [2, 3],
    data: bits,
    model: bits.map((b) => 2 * b - 1),
  });
  const wanted = [bits.slice(0, 6), bits.slice(6)].map((c) => c.map((b) => (b ? up : down)));
  expect(paint(markup, "data", 2, 3)).toEqual(wanted);
  expect(paint(markup, "model", 2, 3)).toEqual(wanted);
  expect(markup).toContain('shape-rendering="crispEdges"');
});

it("leaves unknown sites blank", () => {
  const markup = configurations({ site: { kind: "binary" }, shape: [4], data: [1, Number.NaN, 0, 1] });
  expect(paint(markup, "data", 1, 4)).toEqual([[up, "", down, up]]);
});

it("colours states in order", () => {
  const markup = configurations({
    site: { kind: "categorical", states: 3 },
    shape: [1, 4],
    data: [2, 0, 1, 7],
  });
  const [zero, one, two] = theme.categories;
  expect(paint(markup, "data", 1, 4)).toEqual([[two, zero, one, ""]]);
});

it("embeds a real field as one pixel a site, blue below zero and red above", () => {
  const markup = configurations({ site: { kind: "real" }, shape: [1, 3], data: [-1, 0, 1] });
  const png = Buffer.from(/base64,([^"]+)/.exec(markup)![1]!, "base64");
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([3, 1]);
  const palette = png.indexOf("PLTE") + 4;
  const data = png.indexOf("IDAT");
  const pixels = unzlibSync(png.subarray(data + 4, data + 4 + png.readUInt32BE(data - 4))).subarray(1);
  const colour = (i: number) => [...png.subarray(palette + 3 * pixels[i]!, palette + 3 * pixels[i]! + 3)];
  expect(colour(0)[2]).toBeGreaterThan(colour(0)[0]!);
  expect(colour(2)[0]).toBeGreaterThan(colour(2)[2]!);
  expect(Math.min(...colour(1))).toBeGreaterThan(220);
});

it("shows at most the configurations asked for, and less of very large ones", () => {
  const count = (markup: string) => markup.split("<g transform").length - 1;
  const spins = (n: number) => new Uint8Array(n);
  expect(count(configurations({ site: { kind: "binary" }, shape: [4, 4], data: spins(16 * 30) }))).toBe(16);
  expect(
    count(configurations({ site: { kind: "binary" }, shape: [4, 4], data: spins(16 * 30), count: 5 })),
  ).toBe(5);
  expect(count(configurations({ site: { kind: "binary" }, shape: [512, 512], data: spins(512 * 512) }))).toBe(
    1,
  );
});

it("says so when there is nothing to draw, and refuses a broken configuration", () => {
  const site = { kind: "binary" } as const;
  expect(configurations({ site, shape: [4, 4] })).toContain("no configurations to draw");
  expect(configurations({ site, shape: [4, 4], data: [] })).toContain("no configurations to draw");
  expect(() => configurations({ site, shape: [2, 2], data: [1, 0, 1] })).toThrow(
    "3 values of the data do not fill configurations of shape [2, 2]",
  );
});

it("escapes the labels of states", () => {
  const labels = ["<b>", "&"];
  const markup = configurations({
    site: { kind: "categorical", states: 2, labels },
    shape: [2],
    data: [0, 1],
  });
  expect(markup).toContain("&lt;b&gt;");
  expect(markup).not.toContain("<b>");
});

it("paints a vocabulary of a million in as many colours as can be told apart, the ends in the key", () => {
  const markup = configurations({
    site: { kind: "categorical", states: 1_000_000 },
    shape: [4],
    data: [0, 1, 500_000, 999_999],
  });
  const [first, next, middle, last] = paint(markup, "data", 1, 4)[0] as string[];
  expect(next).toBe(first);
  expect(new Set([first, middle, last]).size).toBe(3);
  expect(markup).toContain(">999999</text>");
  expect(markup.length).toBeLessThan(50_000);
});
