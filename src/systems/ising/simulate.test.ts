import { describe, expect, it } from "vitest";
import { Key } from "../../random/key.ts";
import { chainMean, chiSquaredSurvival, chiSquaredTest, difference } from "../../stats/index.ts";
import { isingAlgorithms as names } from "./algorithms.ts";
import { squareCriticalBeta as betaC } from "./critical.ts";
import { allConfigurations } from "./enumerate.ts";
import { ising } from "./ising.ts";
import { type IsingSimulateOptions, simulateIsing } from "./simulate.ts";

const system = (shape: readonly number[], beta: number, J = 1) => ising.create({ shape, beta, J });
const simulate = (options: Partial<IsingSimulateOptions>) =>
  simulateIsing({ shape: [8, 8], beta: betaC, samples: 100, key: Key.fromSeed(1), ...options });

describe("the distribution of small lattices, by chi-squared over every configuration", () => {
  const cases = [
    [[3, 3], 0.2, 1],
    [[3, 3], 0, 1],
    [[3, 3], 0.3, -1],
    [[2, 3], 0.2, 1],
    [[8], 0.3, 1],
    [[7], 0.4, -1],
    [[2, 2, 2], 0.1, 1],
  ] as const;
  for (const name of names)
    it.each(cases)(`${name}: %j at beta %d, J = %d`, async (shape, beta, J) => {
      const { sites, logProb } = system(shape, beta, J);
      const samples = 40_000;
      const { x } = await simulate({ shape, beta, J, samples, algorithm: name });
      const counts = new Array<number>(2 ** sites).fill(0);
      for (let row = 0; row < samples; row++) {
        let index = 0;
        for (let i = 0; i < sites; i++) index = 2 * index + x.data[row * sites + i]!;
        counts[index]!++;
      }
      const expected = Array.from(logProb(allConfigurations(shape))!, (l) => samples * Math.exp(l));
      expect(chiSquaredTest(counts, expected).pValue).toBeGreaterThan(1e-3);
    });
});

describe("means against exact values", () => {
  const cases = [
    [[8, 8], 0.2, 1],
    [[8, 8], betaC, 1],
    [[8, 8], 0.6, 1],
    [[6, 4], 0.5, -1],
    [[16, 16], betaC, 1],
    [[5, 8], 0.44, 1],
    [[12], 1, 1],
  ] as const;
  for (const name of names)
    it(`${name}: energies, several lattices together`, async () => {
      let chi2 = 0;
      let dof = 0;
      for (const [shape, beta, J] of cases) {
        if (name === "metropolis" && shape[0] === 16) continue;
        const options = { shape, beta, J, samples: 3200, chains: 32, algorithm: name };
        const { energy } = await simulate(options);
        const { exact, sites } = system(shape, beta, J);
        chi2 += difference(energy, exact!.energy / sites).sigmas ** 2;
        dof++;
      }
      expect(chiSquaredSurvival(chi2, dof)).toBeGreaterThan(1e-3);
      expect(chiSquaredSurvival(chi2, dof)).toBeLessThan(1 - 1e-3);
    });

  it.each(["metropolis", "heat-bath", "wolff"] as const)(
    "%s: energies of a large lattice deep in the ordered phase, where domains would stand",
    async (algorithm) => {
      const options = { shape: [48, 48], beta: 0.55, samples: 1280, chains: 128, algorithm };
      const { energy } = await simulate(options);
      const { exact, sites } = system([48, 48], 0.55);
      expect(Math.abs(difference(energy, exact!.energy / sites).sigmas)).toBeLessThan(3.9);
    },
  );

  it("two-point functions of the 4 × 4 torus, against enumeration", async () => {
    const { logProb, correlation } = system([4, 4], 0.35);
    const all = allConfigurations([4, 4]);
    const p = logProb(all)!.map(Math.exp);
    const exact = correlation(all, 1).data;
    const samples = 40_000;
    const { x } = await simulate({ shape: [4, 4], beta: 0.35, samples });
    const measured = correlation(x, 1).data;
    for (const r of [1, 2]) {
      const known = p.reduce((sum, weight, row) => sum + weight * exact[row * 3 + r]!, 0);
      const estimate = chainMean(Float64Array.from({ length: samples }, (_, row) => measured[row * 3 + r]!));
      expect(Math.abs(difference(estimate, known).sigmas)).toBeLessThan(3.9);
    }
  });

  it("has both signs of the magnetisation in every chain, far below the critical temperature", async () => {
    const { x, chain } = await simulate({ beta: 1, samples: 3200, chains: 4 });
    const m = system([8, 8], 1).observables.magnetisation!(x);
    for (let c = 0; c < 4; c++) {
      const signs = Array.from(m)
        .filter((_, row) => chain!.data[row] === c)
        .map(Math.sign);
      const z = signs.reduce((sum, sign) => sum + sign, 0) / Math.sqrt(signs.length);
      expect(Math.abs(z)).toBeLessThan(3.9);
    }
  });
});

describe("the triangular lattice", () => {
  it("distribution of 3 × 3, by chi-squared over every configuration", async () => {
    const samples = 40_000;
    for (const [beta, J] of [
      [0.5, -1],
      [0.15, 1],
    ] as const) {
      const { logProb } = ising.create({ shape: [3, 3], beta, J, lattice: "triangular" });
      const { x } = await simulate({ shape: [3, 3], beta, J, samples, lattice: "triangular" });
      const counts = new Array<number>(512).fill(0);
      for (let row = 0; row < samples; row++)
        counts[x.data.subarray(9 * row, 9 * row + 9).reduce((n, b) => 2 * n + b, 0)]!++;
      const expected = Array.from(logProb(allConfigurations([3, 3]))!, (l) => samples * Math.exp(l));
      expect(chiSquaredTest(counts, expected).pValue).toBeGreaterThan(1e-3);
    }
  });

  it("energies of the antiferromagnet and the ferromagnet, several sizes and temperatures together", async () => {
    const cases = [
      [[6, 6], 0.5, -1],
      [[6, 6], 1.5, -1],
      [[8, 8], 1, -1],
      [[5, 7], 1, -1],
      [[12, 12], 0.8, -1],
      [[8, 8], Math.log(3) / 4, 1],
    ] as const;
    let chi2 = 0;
    for (const [shape, beta, J] of cases) {
      const { energy, sampler } = await simulate({
        shape,
        beta,
        J,
        lattice: "triangular",
        samples: 1600,
        chains: 16,
      });
      const { exact, sites } = ising.create({ shape, beta, J, lattice: "triangular" });
      expect(sampler.name).toBe(J < 0 ? "metropolis" : "wolff");
      chi2 += difference(energy, exact!.energy / sites).sigmas ** 2;
    }
    expect(chiSquaredSurvival(chi2, cases.length)).toBeGreaterThan(1e-3);
    expect(chiSquaredSurvival(chi2, cases.length)).toBeLessThan(1 - 1e-3);
  });
});

describe("what a simulation returns", () => {
  it("is the same for the same key, and another for another", async () => {
    const [a, b, c] = await Promise.all([simulate({}), simulate({}), simulate({ key: Key.fromSeed(2) })]);
    expect(b).toEqual(a);
    expect(c!.x.data).not.toEqual(a!.x.data);
  });

  it("has rows chain after chain, shared out evenly, from chains that differ", async () => {
    const { x, chain, thinning, tau, burnIn, sampler } = await simulate({ samples: 50, chains: 12 });
    expect(x.shape).toEqual([50, 8, 8]);
    expect(x.dtype).toBe("u8");
    const sizes = new Array<number>(12).fill(0);
    chain!.data.forEach((c, row) => {
      sizes[c]!++;
      expect(c).toBeGreaterThanOrEqual(chain!.data[row - 1] ?? 0);
    });
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    expect(
      new Set(Array.from({ length: 50 }, (_, i) => x.data.subarray(i * 64, i * 64 + 64).join(""))).size,
    ).toBe(50);
    expect(thinning).toBeGreaterThanOrEqual(5 * tau);
    expect(burnIn).toBeGreaterThanOrEqual(100 * tau);
    expect(sampler.name).toBe("wolff");
  });

  it("leaves rows of a chain nearly independent at the critical point", async () => {
    const { x } = await simulate({ samples: 16_000 });
    const e = system([8, 8], betaC).observables.energy!(x);
    const mean = e.reduce((sum, v) => sum + v, 0) / e.length;
    let variance = 0;
    let lagged = 0;
    for (let i = 0; i + 1 < e.length; i++) {
      variance += (e[i]! - mean) ** 2;
      lagged += (e[i]! - mean) * (e[i + 1]! - mean);
    }
    expect(Math.abs(lagged / variance)).toBeLessThan(0.05);
  });

  it("stays sound where nothing moves but the sign", async () => {
    const { x, energy, tau } = await simulate({ beta: 20, samples: 100 });
    expect(energy).toMatchObject({ value: -2, error: Number.NaN });
    expect(tau).toBe(0.5);
    const up = x.data.filter((_, i) => i % 64 === 0).reduce((sum, spin) => sum + spin, 0);
    expect(Math.abs(up - 50)).toBeLessThan(20);
  });

  it("knows that Metropolis is slower than Wolff at the critical point", async () => {
    const slow = await simulate({ shape: [16, 16], algorithm: "metropolis", samples: 16 });
    const fast = await simulate({ shape: [16, 16], samples: 16 });
    expect(slow.tau).toBeGreaterThan(5 * fast.tau);
  });

  it("reports progress, ending with all rows, and lets the event loop run", async () => {
    const seen: string[] = [];
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    await simulate({
      shape: [32, 32],
      samples: 300,
      onProgress: ({ phase, done, total }) => seen.push(`${phase} ${done}/${total}`),
    });
    clearInterval(timer);
    expect(seen[0]).toMatch(/^burn-in /);
    expect(seen.at(-1)).toBe("sampling 300/300");
    expect(ticks).toBeGreaterThan(1);
  });

  it("stops when told to", async () => {
    const stop = new AbortController();
    const running = simulate({ shape: [64, 64], samples: 100_000, signal: stop.signal });
    setTimeout(() => stop.abort(), 50);
    await expect(running).rejects.toMatchObject({ code: "interrupted" });
    await expect(simulate({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "interrupted" });
  });

  it.each([
    [{ samples: 0 }, /^samples: .* not 0$/],
    [{ samples: 2.5 }, /^samples: .* not 2.5$/],
    [{ samples: 2 ** 40 }, /^samples: .* rows take more than .*$/],
    [{ chains: 0 }, /^chains: /],
    [{ shape: [8, 1] }, /^shape 8x1: /],
  ])("refuses %j", async (options, message) => {
    await expect(simulate(options)).rejects.toThrow(message);
  });
});
