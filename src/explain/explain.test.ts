import { describe, expect, it } from "vitest";
import { type NDArray, ndarray } from "../array.ts";
import { binary, categorical as categoricalSpace } from "../data/space.ts";
import { categorical } from "../random/categorical.ts";
import { Key } from "../random/key.ts";
import { normal } from "../random/normal.ts";
import { stream } from "../random/stream.ts";
import { jointTest } from "../stats/index.ts";
import { allConfigurations } from "../systems/ising/enumerate.ts";
import { couplingsOf } from "../systems/pairwise/couplings.ts";
import { pairwiseSystem } from "../systems/pairwise/system.ts";
import type { Target } from "../systems/system.ts";
import { energyTarget } from "../systems/target.ts";
import { compareCouplings } from "./comparison.ts";
import { explainData } from "./explain-data.ts";
import { explainModel } from "./explain-model.ts";
import { candidatesIn } from "./explanation.ts";
import { foldsOf, without } from "./folds.ts";
import { formulaLatex, formulaText } from "./formula.ts";
import { holm } from "./holm.ts";
import { LeastSquares } from "./least-squares.ts";
import { type Coefficient, select } from "./select.ts";
import { spinColumns } from "./spins.ts";
import { trueCouplings } from "./true-couplings.ts";

const key = Key.fromSeed(0);

/** Exact draws of a system small enough to enumerate. */
function draws({ energy, beta, space }: Target, n: number, from: Key): NDArray<"u8"> {
  const [sites = 0] = space.kind === "binary" ? space.shape : [];
  const all = allConfigurations([sites]);
  const weights = energy(all).map((e) => Math.exp(-beta * e));
  const x = ndarray("u8", [n, sites]);
  categorical(from, weights, n).forEach((c, row) => {
    x.data.set(all.data.subarray(c * sites, (c + 1) * sites), row * sites);
  });
  return x;
}

/** A glass of random couplings ±J on about a third of the pairs. */
function glass(sites: number, seed: number) {
  const random = stream(Key.fromSeed(seed));
  const couplings = couplingsOf(sites, () => (random.below(3) > 0 ? 0 : 2 * random.below(2) - 1));
  return pairwiseSystem({ name: "glass", parameters: { shape: [sites], beta: 0.6 }, couplings });
}

/** Fields, pairs and one product of three. */
const mixed = energyTarget({
  space: binary([7]),
  energy: ({ data, shape: [rows = 0] }) =>
    Float64Array.from({ length: rows }, (_, row) => {
      const s = (i: number) => 2 * Number(data[row * 7 + i]) - 1;
      return -0.4 * s(0) * s(1) + 0.5 * s(1) * s(2) - 0.3 * s(3) - 0.45 * s(4) * s(5) * s(6);
    }),
});

describe("explaining data", () => {
  it("names the graph of glasses, with errors that are right: χ² over 12 of them, and the largest deviation", async () => {
    const sigmas: number[] = [];
    for (let seed = 1; seed <= 12; seed++) {
      const system = glass(8, seed);
      const x = draws(system, 8000, Key.fromSeed(seed).fold(1));
      const explanation = await explainData({ x }, system.space, { key });
      const truth = trueCouplings(system, 2)!;
      const known = compareCouplings(explanation, truth, candidatesIn(system.space, { key }));
      expect(known.sameGraph).toBe(true);
      expect(explanation.undecided).toEqual([]);
      explanation.coefficients.forEach(({ estimate }, i) => {
        sigmas.push((estimate.value - known.exact[i]!) / estimate.error);
      });
    }
    const { chiSquared, dof, largestPValue } = jointTest(sigmas);
    expect(dof).toBeGreaterThan(80);
    expect(chiSquared / dof).toBeGreaterThan(0.7);
    expect(chiSquared / dof).toBeLessThan(1.35);
    expect(largestPValue).toBeGreaterThan(0.001);
  });

  it("finds fields and products of three", async () => {
    const x = draws(mixed, 20_000, key.fold(3));
    const explanation = await explainData({ x }, mixed.space, { key, order: 3 });
    expect(explanation.coefficients.map(({ term }) => term.products)).toEqual([
      [[3]],
      [[0, 1]],
      [[1, 2]],
      [[4, 5, 6]],
    ]);
    const exact = [0.3, 0.4, -0.5, 0.45];
    const { largestPValue } = jointTest(
      explanation.coefficients.map(({ estimate }, i) => (estimate.value - exact[i]!) / estimate.error),
    );
    expect(largestPValue).toBeGreaterThan(0.001);
    expect(explanation.held).toHaveProperty("gain");
    expect(formulaText(explanation)).toMatch(
      /^log P\(s\) = const \+ \(0\.\d+ ± 0\.\d+\) s3 \+ \(0\.\d+ ± 0\.\d+\) s0 s1 − \(0\.\d+ ± 0\.\d+\) s1 s2 \+ \(0\.\d+ ± 0\.\d+\) s4 s5 s6$/,
    );
    expect(formulaLatex(explanation)).toMatch(
      /^\\log P\(s\) = \\mathrm\{const\} \+ \(0\.\d+ \\pm 0\.\d+\)\\, s_\{3\} .* - \(0\.\d+ \\pm 0\.\d+\)\\, s_\{1\} s_\{2\}/,
    );
  });

  it("gives products alike one coefficient, and smaller errors for it", async () => {
    const ring = pairwiseSystem({
      name: "ring",
      parameters: { shape: [8], beta: 0.5 },
      couplings: couplingsOf(8, (i, j) => (j - i === 1 || j - i === 7 ? 1 : 0)),
    });
    const x = draws(ring, 4000, key.fold(4));
    const alone = await explainData({ x }, ring.space, { key });
    const symmetry = ["flip", "translations"] as const;
    const together = await explainData({ x }, ring.space, { key, symmetry });
    expect(together.coefficients.length).toBe(1);
    const [{ term, estimate }] = together.coefficients as [(typeof together.coefficients)[0]];
    expect(term.products.length).toBe(8);
    expect(Math.abs(estimate.value - 0.5)).toBeLessThan(3.9 * estimate.error);
    const error = alone.coefficients[0]!.estimate.error;
    expect(estimate.error / error).toBeGreaterThan(0.25);
    expect(estimate.error / error).toBeLessThan(0.45);
  });

  it("keeps no term of spins that are independent", async () => {
    for (let seed = 0; seed < 5; seed++) {
      const random = stream(Key.fromSeed(100 + seed));
      const x = ndarray(
        "u8",
        [1000, 10],
        Uint8Array.from({ length: 10_000 }, () => random.below(2)),
      );
      const explanation = await explainData({ x }, binary([10]), { key });
      expect(explanation.coefficients).toEqual([]);
      expect(formulaText(explanation)).toBe("log P(s) = const");
    }
  });

  it("knows that rows of a chain that stands still four times out of five tell less", async () => {
    const x = draws(mixed, 4000, key.fold(6));
    const slow = ndarray("u8", [20_000, 7]);
    for (let row = 0; row < 20_000; row++)
      slow.data.set(x.data.subarray(Math.floor(row / 5) * 7, Math.floor(row / 5) * 7 + 7), row * 7);
    const chain = Int32Array.from({ length: 20_000 }, (_, row) => Math.floor(row / 1000));
    const known = await explainData({ x: slow, chain }, mixed.space, { key, most: 2 });
    const fresh = await explainData({ x }, mixed.space, { key, most: 2 });
    expect(known.coefficients.length).toBe(2);
    known.coefficients.forEach(({ estimate }, i) => {
      const ratio = estimate.error / fresh.coefficients[i]!.estimate.error;
      expect(ratio).toBeGreaterThan(0.8);
      expect(ratio).toBeLessThan(1.3);
    });
  });

  it("names as few terms as are asked for, with the coefficients of all of them", async () => {
    const x = draws(mixed, 5000, key.fold(8));
    const whole = await explainData({ x }, mixed.space, { key, order: 3 });
    const few = await explainData({ x }, mixed.space, { key, order: 3, most: 1 });
    expect(whole.coefficients.length).toBeGreaterThan(2);
    expect(few.coefficients).toEqual([
      whole.coefficients.find(
        ({ term }) => term.products[0]!.join() === few.coefficients[0]!.term.products[0]!.join(),
      ),
    ]);
    expect(few.hidden!.length).toBe(whole.coefficients.length - 1);
    expect(few.held).toEqual(whole.held);
    expect(formulaText(few)).toMatch(/ \+ … \(\d+ not shown\)$/);
    expect(
      compareCouplings(few, trueCouplings(mixed, 3)!, candidatesIn(mixed.space, { key, order: 3 })).missed,
    ).toEqual([]);
  });

  it("leaves out sites that never change, and says which", async () => {
    const x = draws(mixed, 5000, key.fold(7));
    const wide = ndarray("u8", [5000, 9]);
    for (let row = 0; row < 5000; row++) {
      wide.data.set(x.data.subarray(row * 7, row * 7 + 7), row * 9 + 1);
      wide.data[row * 9 + 8] = 1;
    }
    const explanation = await explainData({ x: wide }, binary([9]), { key });
    expect(explanation.frozen).toEqual([0, 8]);
    expect(explanation.coefficients.map(({ term }) => term.products)).toEqual([[[4]], [[1, 2]], [[2, 3]]]);
  });

  it("refuses what has no couplings, in one line", async () => {
    const x = ndarray(
      "u8",
      [60, 2],
      Uint8Array.from({ length: 120 }, (_, i) => Math.floor(i / 2) % 2),
    );
    await expect(explainData({ x }, binary([2]), { key })).rejects.toThrow(
      "the product s0 s1 is +1 in all 60 rows, so its coefficient is unbounded",
    );
    await expect(explainData({ x: ndarray("u8", [60, 2]) }, binary([2]), { key })).rejects.toThrow(
      "all 60 rows are the same",
    );
    await expect(explainData({ x: ndarray("u8", [10, 2]) }, binary([2]), { key })).rejects.toThrow("too few");
    await expect(explainData({ x }, categoricalSpace([2], 3), { key })).rejects.toThrow(
      "no products of spins",
    );
    await expect(explainData({ x }, binary([2]), { key, order: 3 })).rejects.toThrow("more than the 2 sites");
  });

  it("stops when told to", async () => {
    const stop = new AbortController();
    stop.abort();
    const x = draws(mixed, 100, key);
    await expect(explainData({ x }, mixed.space, { key, signal: stop.signal })).rejects.toThrow("stopped");
  });
});

/** The exact R² of fields and pairs for `mixed`, and the variance of the product of three, independent of the others. */
const pairsOnly = () => {
  const all = allConfigurations([7]);
  const weights = mixed.energy(all).map((e) => Math.exp(-e));
  const total = weights.reduce((a, b) => a + b, 0);
  const variance = (values: Float64Array) => {
    const mean = values.reduce((sum, v, i) => sum + (v * weights[i]!) / total, 0);
    return values.reduce((sum, v, i) => sum + ((v - mean) ** 2 * weights[i]!) / total, 0);
  };
  const products = Float64Array.from({ length: 128 }, (_, c) =>
    [4, 5, 6].reduce((value, i) => value * (2 * all.data[c * 7 + i]! - 1), 0.45),
  );
  const three = variance(products);
  return { three, expected: 1 - three / variance(mixed.energy(all)) };
};

describe("explaining a model", () => {
  const exact = (target: Target, noise?: (x: NDArray, n: number) => Float64Array) => ({
    space: target.space,
    draw: (n: number, from: Key) => {
      const x = draws(target, n, from);
      const added = noise?.(x, n);
      const logP = target.energy(x).map((e, i) => 2.5 - target.beta * e + (added?.[i] ?? 0));
      return Promise.resolve({ x, logP });
    },
  });

  it("gives back a formula of products, its constant and nothing else", async () => {
    const explanation = await explainModel(exact(mixed), { key, order: 3, samples: 1000 });
    expect(explanation.coefficients.map(({ term }) => term.products)).toEqual([
      [[3]],
      [[0, 1]],
      [[1, 2]],
      [[4, 5, 6]],
    ]);
    [0.3, 0.4, -0.5, 0.45].forEach((k, i) => {
      expect(explanation.coefficients[i]!.estimate.value).toBeCloseTo(k, 9);
    });
    expect(explanation.constant!.value).toBeCloseTo(2.5, 9);
    expect(explanation.held).toMatchObject({ r2: { value: expect.closeTo(1, 9) } });
  });

  it("tells R² where products of two do not explain all", async () => {
    const { held, coefficients } = await explainModel(exact(mixed), { key, order: 2, samples: 20_000 });
    expect(coefficients.length).toBe(3);
    const { expected, three } = pairsOnly();
    if (!("r2" in held)) throw new Error("no R²");
    expect(Math.abs(held.r2.value - expected)).toBeLessThan(3.9 * held.r2.error + 0.002);
    expect(held.residual).toBeCloseTo(Math.sqrt(three), 1);
  });

  it("has errors that are right for noise of unequal variance: χ² over 20 seeds", async () => {
    const sigmas: number[] = [];
    for (let seed = 0; seed < 20; seed++) {
      // Ten times more noise where the first spin is up.
      const noise = (x: NDArray, n: number) => {
        const z = normal(Key.fromSeed(seed), n, "f64");
        return z.map((v, i) => v * (Number(x.data[i * 7]) === 1 ? 1 : 0.1));
      };
      const { coefficients } = await explainModel(exact(mixed, noise), {
        key: Key.fromSeed(seed + 50),
        order: 3,
        samples: 2000,
      });
      const of = new Map(coefficients.map(({ term, estimate }) => [term.products[0]!.join(), estimate]));
      for (const [name, k] of [
        ["3", 0.3],
        ["0,1", 0.4],
        ["1,2", -0.5],
        ["4,5,6", 0.45],
      ] as const) {
        const { value, error } = of.get(name)!;
        sigmas.push((value - k) / error);
      }
    }
    const { pValue, largestPValue } = jointTest(sigmas);
    expect(pValue).toBeGreaterThan(0.001);
    expect(pValue).toBeLessThan(0.999);
    expect(largestPValue).toBeGreaterThan(0.001);
  });
});

describe("explaining a model by Markov chains", () => {
  it("allows for them in R² and coefficients, and tells R² by others: χ² over 20 seeds", async () => {
    const sigmas = { r2: [] as number[], k: [] as number[] };
    for (let seed = 0; seed < 20; seed++) {
      const keys: Key[] = [];
      // A hundred chains, round by round, that stand still four times out of five.
      const model = {
        space: mixed.space,
        draw: (n: number, from: Key) => {
          keys.push(from);
          const fresh = draws(mixed, n, from);
          const x = ndarray("u8", [n, 7]);
          for (let row = 0; row < n; row++) {
            const at = 100 * Math.floor(row / 500) + (row % 100);
            x.data.set(fresh.data.subarray(at * 7, at * 7 + 7), row * 7);
          }
          const chain = Int32Array.from({ length: n }, (_, row) => row % 100);
          return Promise.resolve({ x, logP: mixed.energy(x).map((e) => -e), chain });
        },
      };
      const { held, coefficients } = await explainModel(model, { key: Key.fromSeed(seed), samples: 6000 });
      expect(new Set(keys.map(({ k0, k1 }) => `${k0} ${k1}`)).size).toBe(2);
      if (!("r2" in held)) throw new Error("no R²");
      sigmas.r2.push((held.r2.value - pairsOnly().expected) / held.r2.error);
      for (const { term, estimate } of coefficients) {
        const exact = { "3": 0.3, "0,1": 0.4, "1,2": -0.5 }[term.products[0]!.join()];
        if (exact !== undefined) sigmas.k.push((estimate.value - exact) / estimate.error);
      }
    }
    expect(sigmas.k.length).toBe(60);
    for (const { chiSquared, dof, largestPValue } of [jointTest(sigmas.r2), jointTest(sigmas.k)]) {
      // Errors of independent rows would make it 5.
      expect(chiSquared / dof).toBeGreaterThan(0.3);
      expect(chiSquared / dof).toBeLessThan(2.3);
      expect(largestPValue).toBeGreaterThan(0.001);
    }
  });
});

describe("selecting terms", () => {
  it("keeps those of largest |K| where errors are not known", async () => {
    const rows = 150;
    const random = stream(key.fold(9));
    const bits = Uint8Array.from({ length: rows * 5 }, () => random.below(2));
    const spins = spinColumns(ndarray("u8", [rows, 5], bits));
    const k = [0.2, -0.9, 0.1, 0.8, -0.3];
    const values = Float64Array.from({ length: rows }, (_, row) =>
      k.reduce((sum, of, site) => sum + of * spins.columns[site * rows + row]!, 0.1 * random.uniform()),
    );
    const selected = await select({
      objective: new LeastSquares(spins, values),
      candidates: candidatesIn(binary([5]), { key, order: 1 }),
      ...{ support: [0, 1, 2, 3, 4], rows: [[0, rows]], level: 0.01, most: 2 },
      // One chain, too short to tell its τ.
      origin: { chain: new Int32Array(rows) },
      pause: () => Promise.resolve(),
    });
    expect(selected.support).toEqual([0, 1, 2, 3, 4]);
    expect(selected.coefficients.map(({ term }) => term.products)).toEqual([[[1]], [[3]]]);
    expect(selected.hidden.length).toBe(3);
    for (const { estimate } of selected.coefficients) expect(estimate.error).toBeNaN();
  });
});

describe("comparing with exact couplings", () => {
  it("counts spurious terms by their distance from 0, and says how many of the missed are undecided", async () => {
    const x = draws(mixed, 20_000, key.fold(3));
    const explanation = await explainData({ x }, mixed.space, { key, order: 3 });
    const truth = trueCouplings(mixed, 3)!;
    const [field, pair, ...others] = explanation.coefficients as [Coefficient, Coefficient, ...Coefficient[]];
    const wrong = { term: { products: [[0, 6]] }, estimate: { value: 0.5, error: 0.05 } };
    const known = compareCouplings(
      { ...explanation, coefficients: [wrong, ...others], undecided: [field] },
      truth,
      candidatesIn(mixed.space, { key, order: 3 }),
    );
    expect(known.spurious).toEqual([wrong.term]);
    expect(known.missed.map(({ term }) => term)).toEqual([field.term, pair.term]);
    expect(known.undecided).toBe(1);
    expect(known.test.largest).toBeCloseTo(10, 9);
    expect(known.test.dof).toBe(3);
  });
});

describe("Holm's procedure", () => {
  it("is that of its definition", () => {
    // p = 0.0455, 0.0027, 0.00047 of 5 tests at 5 %: thresholds 0.01, 0.0125, 0.0167.
    expect(holm([2, 3, -3.5], 5, 0.05)).toEqual([false, true, true]);
    // The second is no rejection, so neither is the third, though below its own threshold.
    expect(holm([2.4, 2.45, 6], 3, 0.02)).toEqual([false, false, true]);
    expect(holm([Number.NaN, 6], 2, 0.01)).toEqual([false, true]);
  });
});

describe("folds", () => {
  it("hold every row once, and chains whole where there are enough", () => {
    const chain = Int32Array.from({ length: 100 }, (_, row) => row % 10);
    for (const chains of [undefined, chain, new Int32Array(100)]) {
      const { order, folds } = foldsOf(100, 3, key, chains);
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
      expect(folds.at(-1)![1]).toBe(100);
      const rest = without(folds, 1);
      expect(rest.reduce((sum, [a, b]) => sum + b - a, 0) + folds[1]![1] - folds[1]![0]).toBe(100);
    }
    const { order, folds } = foldsOf(100, 3, key, chain);
    const foldOf = new Map<number, number>();
    folds.forEach(([start, end], f) => {
      for (const row of order.slice(start, end)) {
        expect(foldOf.get(chain[row]!) ?? f).toBe(f);
        foldOf.set(chain[row]!, f);
      }
    });
    // One chain: pieces in time.
    const pieces = foldsOf(100, 4, key, new Int32Array(100));
    expect([...pieces.order]).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });
});
