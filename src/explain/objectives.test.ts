import { describe, expect, it } from "vitest";
import { ndarray } from "../array.ts";
import { binary } from "../data/space.ts";
import { symmetryGroup } from "../data/symmetry.ts";
import { Key } from "../random/key.ts";
import { stream } from "../random/stream.ts";
import { Design } from "./design.ts";
import { LeastSquares } from "./least-squares.ts";
import { minimise } from "./minimise.ts";
import type { Objective } from "./objective.ts";
import { PseudoLikelihood } from "./pseudo-likelihood.ts";
import { type RowRange, spinColumns } from "./spins.ts";
import { type Candidates, candidatesOf, type Term } from "./terms.ts";

const sites = 6;
// More than one block, and one that is not full.
const rows = 1100;
const random = stream(Key.fromSeed(5));
const x = ndarray(
  "u8",
  [rows, 2, 3],
  Uint8Array.from({ length: rows * sites }, () => random.below(2)),
);
const spins = spinColumns(x);
const s = (row: number, site: number) => 2 * x.data[row * sites + site]! - 1;
const values = Float64Array.from({ length: rows }, () => 4 * random.uniform() - 2);
const ranges: RowRange[] = [
  [3, 700],
  [750, 1100],
];
const inRanges = Array.from({ length: rows }, (_, r) => r).filter((r) =>
  ranges.some(([a, b]) => r >= a && r < b),
);

const product = (row: number, of: readonly number[]) => of.reduce((value, site) => value * s(row, site), 1);
const feature = (row: number, { products }: Term) => products.reduce((sum, of) => sum + product(row, of), 0);

/** The loss of one row by its definition. */
const plainLoss = {
  pseudo(row: number, terms: readonly Term[], theta: ArrayLike<number>): number {
    const logWeight = (flipped: number) =>
      terms.reduce(
        (sum, { products }, t) =>
          sum +
          theta[t]! *
            products.reduce((all, of) => all + product(row, of) * (of.includes(flipped) ? -1 : 1), 0),
        0,
      );
    let loss = 0;
    for (let i = 0; i < sites; i++) loss += Math.log(1 + Math.exp(logWeight(i) - logWeight(-1)));
    return loss;
  },
  squares(row: number, terms: readonly Term[], theta: ArrayLike<number>): number {
    const fitted = terms.reduce((sum, term, t) => sum + theta[t]! * feature(row, term), 0);
    return 0.5 * (values[row]! - fitted) ** 2;
  },
};

const lattice = symmetryGroup(binary([2, 3]), ["translations"]);
const cases: [string, Objective, keyof typeof plainLoss, Candidates][] = [
  ["pseudo-likelihood", new PseudoLikelihood(spins), "pseudo", candidatesOf({ sites, orders: [1, 2, 3] })],
  [
    "pseudo-likelihood of orbits",
    new PseudoLikelihood(spins),
    "pseudo",
    candidatesOf({ sites, orders: [1, 2], group: lattice }),
  ],
  ["least squares", new LeastSquares(spins, values), "squares", candidatesOf({ sites, orders: [1, 2, 3] })],
  [
    "least squares of orbits",
    new LeastSquares(spins, values),
    "squares",
    candidatesOf({ sites, orders: [2], group: lattice }),
  ],
];

describe.each(cases)("%s", (_, objective, kind, candidates) => {
  const terms = [...objective.always, ...candidates.terms.filter((_term, t) => t % 3 === 0)];
  const design = new Design(terms, sites);
  const theta = Float64Array.from(terms, () => 0.8 * (random.uniform() - 0.5));
  const mean = (of: ArrayLike<number>, all = terms) =>
    inRanges.reduce((sum, row) => sum + plainLoss[kind](row, all, of), 0) / inRanges.length;
  const moved = (t: number, by: number) => theta.map((k, u) => k + (u === t ? by : 0));

  it("is the mean loss of its definition, row by row too", () => {
    expect(objective.evaluate(design, theta, ranges).loss).toBeCloseTo(mean(theta), 12);
    const losses = objective.rowLosses(design, theta, ranges);
    inRanges.forEach((row, i) => {
      expect(losses[i]).toBeCloseTo(plainLoss[kind](row, terms, theta), 11);
    });
  });

  it("has the gradient and second derivatives of central differences", () => {
    const { gradient } = objective.evaluate(design, theta, ranges);
    const hessian = objective.hessian(design, theta, ranges);
    const h = 1e-4;
    terms.forEach((__, t) => {
      expect(gradient[t]).toBeCloseTo((mean(moved(t, h)) - mean(moved(t, -h))) / (2 * h), 6);
      const up = objective.evaluate(design, moved(t, h), ranges).gradient;
      const down = objective.evaluate(design, moved(t, -h), ranges).gradient;
      terms.forEach((___, u) => {
        expect(hessian[t * terms.length + u]).toBeCloseTo((up[u]! - down[u]!) / (2 * h), 6);
      });
    });
  });

  it("has the scores of all candidates, in the design or not", () => {
    const scores = objective.scores(design, theta, ranges, candidates);
    const h = 1e-4;
    candidates.terms.forEach((term, c) => {
      const all = [...terms, term];
      const change = mean([...theta, h], all) - mean([...theta, -h], all);
      expect(scores[c]).toBeCloseTo(-change / (2 * h), 6);
    });
  });

  it("has row scores whose mean is minus the gradient", () => {
    const { gradient } = objective.evaluate(design, theta, ranges);
    objective.rowScores(design, theta, ranges).forEach((own, t) => {
      expect(own.length).toBe(inRanges.length);
      expect(own.reduce((sum, g) => sum + g, 0) / own.length).toBeCloseTo(-gradient[t]!, 5);
    });
  });

  it("is minimised where its gradient vanishes", () => {
    const at = minimise(objective, design, ranges);
    for (const g of objective.evaluate(design, at, ranges).gradient) expect(Math.abs(g)).toBeLessThan(1e-6);
  });

  it("with an L1 cost is minimised where each score is at most its cost, and equal to it off 0", () => {
    const costs = Float64Array.from(terms, ({ products: [first = []] }) => (first.length === 0 ? 0 : 0.04));
    const at = minimise(objective, design, ranges, { costs, tolerance: 1e-10 });
    const { gradient } = objective.evaluate(design, at, ranges);
    expect(terms.length < 6 || [...at].some((k) => k === 0)).toBe(true);
    at.forEach((k, t) => {
      if (k === 0) expect(Math.abs(gradient[t]!)).toBeLessThanOrEqual(costs[t]! + 1e-7);
      else expect(gradient[t]).toBeCloseTo(-Math.sign(k) * costs[t]!, 6);
    });
  });
});

describe("penalties of the pseudo-likelihood", () => {
  it("are the root mean squares of the scores of single products", () => {
    const candidates = candidatesOf({ sites, orders: [1, 2, 3] });
    const objective = new PseudoLikelihood(spins);
    const all: RowRange[] = [[0, rows]];
    const design = new Design(candidates.terms.slice(0, 10), sites);
    const theta = Float64Array.from({ length: 10 }, (_, t) => 0.1 * t - 0.4);
    const penalties = objective.penalties(design, theta, all, candidates);
    const whole = new Design(candidates.terms, sites);
    const padded = Float64Array.from(candidates.terms, (_, t) => theta[t] ?? 0);
    objective.rowScores(whole, padded, all).forEach((own, t) => {
      const square = own.reduce((sum, g) => sum + g * g, 0) / rows;
      expect(penalties[t]).toBeCloseTo(Math.sqrt(square), 5);
    });
  });
});
