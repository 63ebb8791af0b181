import { describe, expect, test } from "vitest";
import { uniformConfusion } from "../../../src/data/measurements/confusion.ts";
import { Key } from "../../../src/random/key.ts";
import { type ComplexMatrix, hermitianEigenvalues } from "../../../src/stats/hermitian-eigen.ts";
import { BornTree } from "../../../src/tomography/born-tree.ts";
import { type Tally, withCounts } from "../../../src/tomography/counts.ts";
import { drawCounts } from "../../../src/tomography/draw-counts.ts";
import { likelihoodBound, maximumLikelihood } from "../../../src/tomography/maximum-likelihood.ts";
import { toPauli } from "../../../src/tomography/pauli.ts";
import { overlap } from "../../../src/tomography/states.ts";
import { noisyGhz, pauliSettings, randomSettings, randomState } from "./dense.ts";
import { projectedGradient } from "./projected-gradient.ts";
import { iteratedRrr } from "./rrr.ts";

const key = Key.fromSeed(5);

/** Shots of a state, the same number in every setting. */
function shotsOf(
  rho: ComplexMatrix,
  settings: Tally["settings"],
  each: number,
  seed: number,
  confusion?: Float64Array,
): Tally {
  const qubits = Math.log2(rho.n);
  const empty = { qubits, settings, confusion, name: "shots", counts: new Float64Array(0), shots: 0 };
  const tally = { ...empty, shotsOf: new Float64Array(settings.length).fill(each) };
  return drawCounts(tally, new BornTree(tally).probabilities(toPauli(rho)), key.fold(seed));
}

const physical = (rho: ComplexMatrix) => {
  expect(hermitianEigenvalues(rho).at(-1)).toBeGreaterThanOrEqual(-1e-12);
  expect(
    overlap(rho, {
      ...rho,
      re: rho.re.map((_, i) => (i % (rho.n + 1) === 0 ? 1 : 0)),
      im: rho.im.map(() => 0),
    }),
  ).toBeCloseTo(1, 12);
};

const cases: readonly (readonly [string, Tally])[] = [
  ["one qubit, full rank", shotsOf(randomState(1, key.fold(1)), pauliSettings(1), 200, 1)],
  ["two qubits, full rank", shotsOf(randomState(2, key.fold(2)), pauliSettings(2), 500, 2)],
  ["two qubits, pure", shotsOf(randomState(2, key.fold(3), 1), pauliSettings(2), 100, 3)],
  [
    "two qubits along random axes",
    shotsOf(randomState(2, key.fold(4), 2), randomSettings(2, 12, key.fold(5)), 100, 4),
  ],
  [
    "two qubits in too few settings",
    shotsOf(randomState(2, key.fold(6)), pauliSettings(2).slice(0, 4), 100, 5),
  ],
  [
    "two qubits with readout errors",
    shotsOf(randomState(2, key.fold(7), 2), pauliSettings(2), 300, 6, uniformConfusion(2, 0.02, 0.1)),
  ],
  ["three qubits, noisy GHZ", shotsOf(noisyGhz(3, 0.15), pauliSettings(3), 60, 7)],
];

describe.each(cases)("%s", (_, data) => {
  const found = maximumLikelihood(data);

  test("is physical, and as likely as RρR comes to and projected gradients", () => {
    physical(found.rho);
    expect(found.converged).toBe(true);
    const own = found.loss * data.shots;
    const dense = iteratedRrr(data, 1500);
    const start = toPauli(noisyGhz(data.qubits, 1));
    const projected = projectedGradient(new BornTree(data), data, start, { steps: 600 });
    // RρR creeps towards states at the boundary: it may lie above by what is left to go, never below by more than the bound.
    expect(own - dense.loss).toBeLessThanOrEqual(found.gap + 1e-9);
    expect(dense.loss - own).toBeLessThan(2e-2);
    expect(own - projected.loss * data.shots).toBeLessThanOrEqual(found.gap + 1e-9);
    expect(projected.loss * data.shots - own).toBeLessThan(1e-3);
  });

  test("the bound holds at other states, and is 0 at the optimum", () => {
    const tree = new BornTree(data);
    for (const seed of [30, 31, 32]) {
      const x = toPauli(randomState(data.qubits, key.fold(seed)));
      const off = (tree.loss(x, data) - found.loss) * data.shots;
      expect(off).toBeGreaterThanOrEqual(-found.gap);
      expect(likelihoodBound(tree, data, x)).toBeGreaterThanOrEqual(off - 1e-9);
    }
    expect(found.gap).toBeLessThanOrEqual(1e-4);
  });
});

test("a fit from elsewhere ends at the same state", () => {
  const data = shotsOf(randomState(3, key.fold(40)), pauliSettings(3), 100, 41);
  const [a, b] = [
    maximumLikelihood(data),
    maximumLikelihood(data, { start: randomState(3, key.fold(42), 1) }),
  ];
  expect(Math.abs(a.loss - b.loss) * data.shots).toBeLessThan(1e-4);
  for (let i = 0; i < a.rho.re.length; i++) expect(a.rho.re[i]).toBeCloseTo(b.rho.re[i]!, 4);
});

test("counts that are the probabilities themselves give their state back", () => {
  const rho = randomState(3, key.fold(50));
  const settings = pauliSettings(3);
  const p = new BornTree({ qubits: 3, settings }).probabilities(toPauli(rho));
  const data = withCounts(
    { qubits: 3, settings, name: "expected" },
    p.map((v) => 1e4 * v),
  );
  const found = maximumLikelihood(data, { tolerance: 1e-8 });
  for (let i = 0; i < 64; i++) {
    expect(found.rho.re[i]).toBeCloseTo(rho.re[i]!, 6);
    expect(found.rho.im[i]).toBeCloseTo(rho.im[i]!, 6);
  }
});

test("a rank is kept to, and says what it costs", () => {
  const data = shotsOf(noisyGhz(2, 0.4), pauliSettings(2), 400, 60);
  const [one, two, all] = [1, 2, undefined].map((rank) => maximumLikelihood(data, { rank }));
  expect(hermitianEigenvalues(one!.rho)[1]).toBeLessThan(1e-12);
  expect(hermitianEigenvalues(two!.rho)[2]).toBeLessThan(1e-12);
  expect(one!.loss).toBeGreaterThan(two!.loss);
  expect(two!.loss).toBeGreaterThan(all!.loss);
  // The bound is against states of any rank, and these are better.
  expect(one!.gap).toBeGreaterThanOrEqual((one!.loss - all!.loss) * data.shots);
  expect(one!.converged).toBe(false);
});

test("six qubits take columns as they are needed", () => {
  const data = shotsOf(noisyGhz(6, 0.02), pauliSettings(6).slice(0, 60), 20, 70);
  const found = maximumLikelihood(data, { tolerance: 1e-2 });
  physical(found.rho);
  expect(found.gap).toBeLessThanOrEqual(1e-2);
});

test("bad input is one clear line", () => {
  const settings = pauliSettings(1);
  const data = { qubits: 1, settings, name: "shots.npz" };
  expect(() => withCounts(data, new Float64Array(6))).toThrow(/shots.npz: no shots in any setting/);
  const own = withCounts(data, new Float64Array(6).fill(3));
  for (const rank of [0, 3, 1.5])
    expect(() => maximumLikelihood(own, { rank })).toThrow(/the rank of 1 qubits is an integer from 1 to 2/);
});
