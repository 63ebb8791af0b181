import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bits } from "./bits.ts";
import { Key } from "./key.ts";

const text = (key: Key) => `${key.k0} ${key.k1}`;
const seeds = fc.maxSafeNat();

describe("Key.fromSeed", () => {
  test("a number and a bigint of one value are one key", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(Key.fromSeed(seed)).toEqual(Key.fromSeed(BigInt(seed)));
      }),
    );
    expect(Key.fromSeed(-0)).toEqual(Key.fromSeed(0));
  });

  test("the key is the seed's high and low word, as jax.random.PRNGKey has it", () => {
    expect(Key.fromSeed(2 ** 40 + 3)).toEqual(new Key(256, 3));
    expect(Key.fromSeed((1n << 64n) - 1n)).toEqual(new Key(0xffffffff, 0xffffffff));
  });

  test.each([-1, 0.5, 2 ** 53, Number.NaN, Infinity, -1n, 1n << 64n])("refuses the seed %s", (seed) => {
    expect(() => Key.fromSeed(seed)).toThrow(/seed must be.*got/);
  });

  test.each([
    [-1, 0],
    [0, 2 ** 32],
    [0.5, 0],
    [0, Number.NaN],
  ])("refuses the words %s and %s", (k0, k1) => {
    expect(() => new Key(k0, k1)).toThrow(/words of a key/);
  });
});

describe("split and fold", () => {
  test("the first keys of a split do not depend on their number", () => {
    expect(Key.fromSeed(5).split(7).slice(0, 3)).toEqual(Key.fromSeed(5).split(3));
    expect(Key.fromSeed(5).split()).toHaveLength(2);
    expect(Key.fromSeed(5).split(0)).toEqual([]);
  });

  test("a key's stream, split keys and folded keys never meet", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const key = Key.fromSeed(seed);
        const words = bits(key, 200);
        const seen = [...key.split(100), ...Array.from({ length: 100 }, (_, i) => key.fold(i))].map(text);
        for (let i = 0; i < 100; i++) seen.push(`${words[2 * i]} ${words[2 * i + 1]}`);
        expect(new Set(seen).size).toBe(300);
      }),
    );
  });

  test("folds over the whole range of integers differ", () => {
    const places = [0, 1, 2, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 52, 2 ** 53 - 1];
    expect(new Set(places.map((i) => text(Key.fromSeed(0).fold(i)))).size).toBe(places.length);
  });

  test("folding does not commute, and does not change the key", () => {
    const key = Key.fromSeed(9);
    expect(key.fold(1).fold(2)).not.toEqual(key.fold(2).fold(1));
    expect(key).toEqual(Key.fromSeed(9));
  });

  test.each([-1, 0.5, 2 ** 53, Number.NaN])("refuses %s", (i) => {
    expect(() => Key.fromSeed(0).fold(i)).toThrow(/folds in an integer/);
    expect(() => Key.fromSeed(0).split(i)).toThrow(/splits into/);
  });

  test("the bits of streams of neighbouring seeds, splits and folds are uncorrelated", () => {
    const keys = [0, 1, 2, 3].flatMap((seed) => {
      const key = Key.fromSeed(seed);
      return [key, ...key.split(3), key.fold(0), key.fold(1), key.fold(2)];
    });
    const streams = keys.map((key) => bits(key, 64));
    let worst = 0;
    for (const [i, a] of streams.entries())
      for (const b of streams.slice(0, i)) {
        let agree = 0;
        for (let j = 0; j < 64; j++) for (let x = ~(a[j]! ^ b[j]!); x !== 0; x &= x - 1) agree += 1;
        worst = Math.max(worst, Math.abs(agree - 1024) / Math.sqrt(512));
      }
    // 378 pairs: the largest of so many normal deviations exceeds 4.5 with probability 0.003 (Bonferroni).
    expect(worst).toBeLessThan(4.5);
  });
});
