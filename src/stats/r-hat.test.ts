import { expect, test } from "vitest";
import { Key } from "../random/key.ts";
import { normal } from "../random/normal.ts";
import { chiSquaredSurvival, rHat } from "./index.ts";

const chains = (key: number, m: number, n: number) =>
  Array.from({ length: m }, (_, c) => normal(Key.fromSeed(key).fold(c), n, "f64"));

test("independent chains of one distribution have R̂ near 1, as the F distribution says", () => {
  // B/W of 2m half chains is F with 2m − 1 and 2m(n/2 − 1) degrees of freedom: (2m − 1) n/2 (R̂² − 1 + 2/n) is nearly χ².
  const [m, n, repeats] = [4, 1000, 60];
  let total = 0;
  for (let r = 0; r < repeats; r++) {
    const { bulk } = rHat(chains(1000 + r, m, n));
    total += (2 * m - 1) * (n / 2) * (bulk ** 2 - 1 + 2 / n);
  }
  const p = chiSquaredSurvival(total, repeats * (2 * m - 1));
  expect(p).toBeGreaterThan(0.001);
  expect(p).toBeLessThan(0.999);
});

test("chains that disagree, in place or in spread, are told apart by the part that looks there", () => {
  const [m, n] = [4, 500];
  const shifted = chains(1, m, n).map((chain, c) => chain.map((x) => x + (c === 0 ? 2 : 0)));
  expect(rHat(shifted).bulk).toBeGreaterThan(1.2);
  const wide = chains(2, m, n).map((chain, c) => chain.map((x) => x * (c === 0 ? 5 : 1)));
  expect(rHat(wide).bulk).toBeLessThan(1.02);
  expect(rHat(wide).tail).toBeGreaterThan(1.2);
  expect(rHat(wide).value).toBe(rHat(wide).tail);
});

test("a chain that drifts disagrees with itself", () => {
  const drift = chains(3, 1, 1000).map((chain) => chain.map((x, i) => x + i / 250));
  expect(rHat(drift).value).toBeGreaterThan(1.3);
});

test("ranks alone count: any growing function of the values has the same R̂ of the bulk", () => {
  const plain = chains(4, 3, 100);
  expect(rHat(plain.map((chain) => chain.map((x) => Math.exp(5 * x)))).bulk).toBeCloseTo(
    rHat(plain).bulk,
    12,
  );
});

test("without ties or halves it is the formula as printed", () => {
  // Ranks of two chains of four: halves (1,3), (2,5), (4,7), (6,8).
  const z = [-1.434, -0.472, -0.852, 0.153, -0.153, 0.852, 0.472, 1.434];
  const halves = [0, 2, 4, 6].map((at) => [z[at] as number, z[at + 1] as number]);
  const means = halves.map(([a = 0, b = 0]) => (a + b) / 2);
  const centre = means.reduce((a, b) => a + b) / 4;
  const between = means.reduce((total, x) => total + (x - centre) ** 2, 0) / 3;
  const within = halves.reduce((total, [a = 0, b = 0]) => total + (a - b) ** 2 / 2, 0) / 4;
  const { bulk } = rHat([
    [1, 3, 2, 5],
    [4, 7, 6, 8],
  ]);
  expect(bulk).toBeCloseTo(Math.sqrt(0.5 + between / within), 2);
});

test("stuck and short chains, and bad input", () => {
  expect(rHat([new Float64Array(100).fill(2), new Float64Array(100).fill(2)]).value).toBeNaN();
  expect(rHat([new Float64Array(100).fill(1), new Float64Array(100).fill(-1)]).value).toBe(Infinity);
  expect(rHat([[1, 2, 3]]).value).toBeNaN();
  expect(() => rHat([[1, 2], [3]])).toThrow(/chain 1 has 1 measurements/);
  expect(() =>
    rHat([
      [1, 2],
      [3, Number.NaN],
    ]),
  ).toThrow(/chain 1: measurement 1 is NaN/);
  expect(() => rHat([])).toThrow(/no measurements/);
});
