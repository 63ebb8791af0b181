import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Key } from "../random/key.ts";
import type { Spacing } from "../stats/index.ts";
import { chainSplits, holdOut, randomSplits, range, type Splits } from "./splits.ts";

const sizes = (s: Splits) => [s.train.length, s.valid.length, s.test.length];
const all = (s: Splits) => [...s.train, ...s.valid, ...s.test];

describe("randomSplits", () => {
  it("deals every row to one part, 80/10/10", () => {
    fc.assert(
      fc.property(fc.nat(2000), fc.nat(), (rows, seed) => {
        const splits = randomSplits(rows, Key.fromSeed(seed));
        expect(all(splits).sort((a, b) => a - b)).toEqual([...range(0, rows)]);
        const tenth = rows < 3 ? 0 : Math.max(1, Math.floor(rows / 10));
        expect(sizes(splits)).toEqual([rows - 2 * tenth, tenth, tenth]);
      }),
    );
  });

  it("follows the seed", () => {
    expect(randomSplits(100, Key.fromSeed(1))).toEqual(randomSplits(100, Key.fromSeed(1)));
    expect(randomSplits(100, Key.fromSeed(1)).test).not.toEqual(randomSplits(100, Key.fromSeed(2)).test);
  });

  it("takes hundreds of thousands of rows", () => {
    expect(sizes(randomSplits(500_000, Key.fromSeed(0)))).toEqual([400_000, 50_000, 50_000]);
    expect(sizes(chainSplits(new Int32Array(500_000), Key.fromSeed(0)))).toEqual([395_000, 50_000, 50_000]);
  });
});

it("holdOut parts the rows it is given", () => {
  const rows = Uint32Array.from({ length: 50 }, (_, i) => 3 * i);
  const { kept, held } = holdOut(rows, Key.fromSeed(4));
  expect([kept.length, held.length]).toEqual([45, 5]);
  expect([...kept, ...held].sort((a, b) => a - b)).toEqual([...rows]);
});

describe("chainSplits", () => {
  it("keeps whole chains together where there are many", () => {
    const chain = Int32Array.from({ length: 200 }, (_, r) => 7 + (r % 20)); // 20 chains side by side
    const splits = chainSplits(chain, Key.fromSeed(1));
    expect(sizes(splits)).toEqual([160, 20, 20]);
    const of = (rows: Uint32Array) => new Set([...rows].map((r) => chain[r]));
    const [a, b, c] = [of(splits.train), of(splits.valid), of(splits.test)];
    expect([a.size, b.size, c.size]).toEqual([16, 2, 2]);
    expect(new Set([...a, ...b, ...c]).size).toBe(20);
    expect(splits.how).toBe("16/2/2 whole chains of 20");
  });

  it("cuts few chains in time, ten autocorrelation times apart where they are long enough", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 40, max: 400 }),
        fc.double({ min: 0.5, max: 20, noNaN: true }),
        (count, length, tau) => {
          const chain = Int32Array.from({ length: count * length }, (_, r) => Math.floor(r / length));
          const splits = chainSplits(chain, Key.fromSeed(1), { tau, thinning: 10 });
          const gap = Math.max(1, Math.min(Math.ceil(tau), Math.floor(length / 20)));
          expect(new Set(all(splits)).size).toBe(all(splits).length);
          expect(sizes(splits)[1]).toBe(count * Math.floor(length / 10));
          for (const [early, late] of [
            [splits.train, splits.valid],
            [splits.valid, splits.test],
          ] as const)
            for (let c = 0; c < count; c++) {
              const last = Math.max(...[...early].filter((r) => chain[r] === c));
              const first = Math.min(...[...late].filter((r) => chain[r] === c));
              expect(first - last).toBe(gap + 1);
            }
          expect(splits.how).toContain(`${gap} row${gap === 1 ? "" : "s"} left out at each cut, `);
          const taus = (10 * gap) / tau;
          if (taus < 4.99 || taus > 5.01) expect(splits.how.endsWith("are correlated")).toBe(taus < 5);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("states the gap in τ, and that parts too near are correlated", () => {
    const how = (rows: number, spacing: Spacing, chains = 1) =>
      chainSplits(
        Int32Array.from({ length: rows }, (_, r) => r % chains),
        Key.fromSeed(1),
        spacing,
      ).how;
    const blocks = "80/10/10 blocks of one chain in time";
    expect(how(1000, { tau: 100 })).toBe(
      `${blocks}, 50 rows left out at each cut, 0.5 τ: neighbouring parts are correlated`,
    );
    expect(how(1000, { tau: 100, thinning: 500 })).toBe(`${blocks}, 2 rows left out at each cut, 10 τ`);
    expect(how(1000, {})).toBe(`${blocks}, 5 rows left out at each cut`);
    expect(how(63, { tau: 9 }, 2)).toContain("1 row left out at each cut, 0.11 τ");
    expect(how(79, { tau: 9 }, 2)).toContain("1 to 2 rows left out at each cut, 0.11 τ");
    expect(how(9, { tau: 9 })).toContain("0 rows left out at each cut");
  });

  it("still splits a handful of rows", () => {
    for (let n = 1; n < 12; n++) {
      const splits = chainSplits(new Int32Array(n), Key.fromSeed(0));
      expect(new Set(all(splits)).size).toBe(all(splits).length);
      expect(splits.train.length).toBeGreaterThan(0);
    }
  });
});
