import { describe, expect, test } from "vitest";
import { Key } from "../../random/key.ts";
import { normal } from "../../random/normal.ts";
import { chainExact } from "./chain.ts";
import { isForest, type PairWeights, treeMarginals } from "./tree.ts";

/** Sums over every configuration, by plain loops. */
function enumerated({ sites, edges }: PairWeights) {
  const states = sites.map((site) => site.length);
  const total = states.reduce((a, b) => a * b, 1);
  const ofSites = sites.map((site) => new Float64Array(site.length));
  const ofEdges = edges.map(({ pair }) => new Float64Array(pair.length));
  let z = 0;
  for (let index = 0; index < total; index++) {
    let rest = index;
    const x = states.map((n) => {
      const value = rest % n;
      rest = (rest - value) / n;
      return value;
    });
    const place = ({ a, b }: PairWeights["edges"][number]) => (x[a] ?? 0) * (states[b] ?? 0) + (x[b] ?? 0);
    const log =
      sites.reduce((sum, site, i) => sum + (site[x[i] as number] as number), 0) +
      edges.reduce((sum, edge) => sum + (edge.pair[place(edge)] as number), 0);
    const w = Math.exp(log);
    z += w;
    for (const [i, p] of ofSites.entries()) p[x[i] as number] = (p[x[i] as number] as number) + w;
    for (const [e, p] of ofEdges.entries()) {
      const at = place(edges[e] as PairWeights["edges"][number]);
      p[at] = (p[at] as number) + w;
    }
  }
  const shares = (ps: Float64Array[]) => ps.map((p) => p.map((w) => w / z));
  return { logZ: Math.log(z), sites: shares(ofSites), edges: shares(ofEdges) };
}

/** A random forest: site i > 0 hangs on an earlier site, or on none where `joins(i)` says so. */
function forest(
  key: number,
  states: readonly number[],
  joins: (i: number) => number | undefined,
): PairWeights {
  const source = Key.fromSeed(key);
  const edges = states.flatMap((n, i) => {
    const other = joins(i);
    if (other === undefined) return [];
    const pair = normal(source.fold(100 + i), n * (states[other] as number), "f64").map((x) => 2 * x);
    // Both orientations occur.
    return i % 2 === 0 ? [{ a: i, b: other, pair }] : [{ a: other, b: i, pair }];
  });
  return { sites: states.map((n, i) => normal(source.fold(i), n, "f64")), edges };
}

const cases: [string, PairWeights][] = [
  ["a chain", forest(1, [2, 2, 3, 2, 4], (i) => (i > 0 ? i - 1 : undefined))],
  ["a star", forest(2, [3, 2, 2, 4, 2], (i) => (i > 0 ? 0 : undefined))],
  [
    "two trees and a single site",
    forest(3, [2, 3, 2, 2, 3, 2], (i) => [undefined, 0, undefined, 2, 2, undefined][i]),
  ],
  ["one site", forest(4, [3], () => undefined)],
];

describe.each(cases)("%s", (_, weights) => {
  test("log Z and every marginal are those of enumeration", () => {
    const [exact, found] = [enumerated(weights), treeMarginals(weights)];
    expect(found.logZ).toBeCloseTo(exact.logZ, 11);
    found.sites.forEach((p, i) => {
      p.forEach((value, s) => {
        expect(value).toBeCloseTo(exact.sites[i]?.[s] as number, 12);
      });
    });
    found.edges.forEach((p, e) => {
      p.forEach((value, s) => {
        expect(value).toBeCloseTo(exact.edges[e]?.[s] as number, 12);
      });
    });
  });
});

test("a long cold chain overflows nothing, and agrees with its transfer matrix", () => {
  const [length, states, beta] = [3000, 3, 40];
  const bond = Float64Array.from({ length: 9 }, (_, i) => (i % 4 === 0 ? -1 : 0));
  const site = [0.3, -0.1, 0];
  const logZ = treeMarginals({
    sites: Array.from({ length }, () => site.map((e) => -beta * e)),
    edges: Array.from({ length: length - 1 }, (_, i) => ({
      a: i,
      b: i + 1,
      pair: bond.map((e) => -beta * e),
    })),
  }).logZ;
  const exact = chainExact({ length, periodic: false, states, bond, site }, beta);
  expect(Math.abs(logZ / exact.logZ - 1)).toBeLessThan(1e-13);
});

test("what is no tree is refused", () => {
  const [site, pair] = [
    [0, 0],
    [0, 0, 0, 0],
  ];
  const sites = [site, site, site];
  const ring = [0, 1, 2].map((i) => ({ a: i, b: (i + 1) % 3, pair }));
  expect(() => treeMarginals({ sites, edges: ring })).toThrow(/closes a loop/);
  expect(() =>
    treeMarginals({
      sites,
      edges: [
        { a: 0, b: 1, pair },
        { a: 0, b: 1, pair },
      ],
    }),
  ).toThrow(/loop/);
  expect(() => treeMarginals({ sites, edges: [{ a: 0, b: 3, pair }] })).toThrow(/joins 0 and 3/);
  expect(() => treeMarginals({ sites, edges: [{ a: 0, b: 1, pair: [0] }] })).toThrow(
    /1 weights; expected 2×2/,
  );
  expect(() => treeMarginals({ sites: [[0, Number.NaN]], edges: [] })).toThrow(
    /site 0 has the log-weight NaN/,
  );
  expect(
    isForest(
      3,
      ring.map(({ a, b }) => [a, b]),
    ),
  ).toBe(false);
  expect(
    isForest(4, [
      [0, 1],
      [2, 1],
    ]),
  ).toBe(true);
});
