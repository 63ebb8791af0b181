import { describe, expect, it } from "vitest";
import { lanes, MultiSpin, multiSpinSeedWords, type SpinRule } from "../../kernels/multispin.ts";
import { bits } from "../../random/bits.ts";
import { Key } from "../../random/key.ts";
import { stream } from "../../random/stream.ts";
import { chiSquaredTest, difference, independentMean, jointTest } from "../../stats/index.ts";
import { allConfigurations } from "../ising/enumerate.ts";
import { kaufman } from "../ising/kaufman.ts";
import { type LatticeKind, periodicLattice } from "../ising/lattice.ts";
import { measuredChain } from "./burn-in.ts";

const rules = ["metropolis", "heat-bath"] as const;
const seedOf = (seed: number) => bits(Key.fromSeed(seed), multiSpinSeedWords);

/** Signs of the bonds of a lattice, `[sites, degree]`, drawn at random. */
function randomSigns({ sites, bonds, directions }: ReturnType<typeof periodicLattice>, seed: number) {
  const random = stream(Key.fromSeed(seed));
  const degree = 2 * directions.length;
  const signs = new Int8Array(sites * degree);
  for (let b = 0; b < bonds.length / 2; b++) {
    const sign = random.below(2) === 0 ? 1 : -1;
    const d = b % directions.length;
    signs[bonds[2 * b]! * degree + 2 * d] = sign;
    signs[bonds[2 * b + 1]! * degree + 2 * d + 1] = sign;
  }
  return signs;
}

interface Case {
  readonly shape: readonly number[];
  readonly kind?: LatticeKind;
  readonly coupling: number;
  readonly glass?: boolean;
}

function setUp({ shape, kind = "square", coupling, glass }: Case, rule: SpinRule, seed: Uint32Array) {
  const lattice = periodicLattice(shape, kind);
  const { sites, neighbours, directions } = lattice;
  const signs = glass ? randomSigns(lattice, 5) : undefined;
  const order = Uint32Array.from({ length: sites }, (_, site) => site);
  const spins = new MultiSpin({
    ...{ degree: 2 * directions.length, neighbours, order, couplings: [coupling], rule, seed },
    ...(signs && { signs }),
  });
  const random = stream(Key.fromSeed(77));
  for (let lane = 0; lane < lanes; lane++)
    spins.write(
      0,
      lane,
      Uint8Array.from({ length: sites }, () => random.below(2)),
    );
  /** Σ ε s s over bonds. */
  const bondSum = (x: ArrayLike<number>, from = 0) => {
    let sum = 0;
    for (let b = 0; b < lattice.bonds.length / 2; b++) {
      const [i, j] = [lattice.bonds[2 * b]!, lattice.bonds[2 * b + 1]!];
      const sign = signs?.[2 * i * directions.length + 2 * (b % directions.length)] ?? 1;
      sum += x[from + i] === x[from + j] ? sign : -sign;
    }
    return sum;
  };
  return { lattice, spins, bondSum };
}

const cases: Case[] = [
  { shape: [3, 3], coupling: 0.2 },
  { shape: [3, 3], coupling: -0.3 },
  { shape: [3, 3], kind: "triangular", coupling: 0.15 },
  { shape: [3, 3], kind: "triangular", coupling: -0.4 },
  { shape: [2, 2, 2], coupling: 0.1 },
  { shape: [2, 2, 2], coupling: 0.2, glass: true },
  { shape: [8], coupling: 0.4 },
  { shape: [7], coupling: -0.4, glass: true },
  { shape: [3, 3], coupling: 0.5, glass: true },
];

describe.each(rules)("%s", (rule) => {
  it.each(cases)("draws configurations by their probabilities: %j", (which) => {
    const { lattice, spins, bondSum } = setUp(which, rule, seedOf(1));
    const { sites, shape } = lattice;
    const counts = new Array<number>(2 ** sites).fill(0);
    const row = new Uint8Array(sites);
    spins.sweep(0, 100);
    const snapshots = 400;
    for (let s = 0; s < snapshots; s++) {
      // Far beyond any τ of these: pairs of snapshots count as independent.
      spins.sweep(0, 60);
      for (let lane = 0; lane < lanes; lane++) {
        spins.read(0, lane, row);
        counts[row.reduce((index, spin) => 2 * index + spin, 0)]!++;
      }
    }
    const { data } = allConfigurations(shape);
    const weights = counts.map((_, row) => Math.exp(which.coupling * bondSum(data, row * sites)));
    const total = weights.reduce((sum, w) => sum + w, 0);
    const expected = weights.map((w) => (snapshots * lanes * w) / total);
    expect(chiSquaredTest(counts, expected).pValue).toBeGreaterThan(1e-3);
  });

  it("has exact energies at L = 16", () => {
    const couplings = [0.3, 0.35, 0.4];
    const sigmas = couplings.map((coupling) => {
      const { lattice, spins } = setUp({ shape: [16, 16], coupling }, rule, seedOf(3));
      spins.sweep(0, 1000);
      // The replicas are independent, and so are their means over time.
      const means = new Float64Array(lanes);
      for (let s = 0; s < 100; s++) {
        spins.sweep(0, 5);
        spins.brokenBonds(0).forEach((broken, lane) => {
          means[lane]! += (lattice.bonds.length / 2 - 2 * broken) / 100;
        });
      }
      return difference(independentMean(means), kaufman(16, 16, coupling)!.slope).sigmas;
    });
    const test = jointTest(sigmas);
    expect(test.pValue).toBeGreaterThan(1e-3);
    expect(test.pValue).toBeLessThan(1 - 1e-3);
  });
});

it("counts bonds and moves replicas in and out as plain loops do", () => {
  const { lattice, spins, bondSum } = setUp(
    { shape: [5, 4], coupling: 0.3, glass: true },
    "metropolis",
    seedOf(2),
  );
  const row = new Uint8Array(20);
  spins.sweep(0, 3);
  const broken = spins.brokenBonds(0).slice();
  for (let lane = 0; lane < lanes; lane++) {
    spins.read(0, lane, row);
    expect(lattice.bonds.length / 2 - 2 * broken[lane]!).toBe(bondSum(row));
  }
});

describe("replicas are independent", () => {
  /**
   * Mean square overlap of replicas that are `distance` lanes apart, for every distance, less the exact one of
   * independent replicas, Σ_ij ⟨s_i s_j⟩²/N², in units of its error.
   */
  function overlaps(seed: Uint32Array) {
    const which: Case = { shape: [4, 4], coupling: 0.3 };
    const { lattice, spins, bondSum } = setUp(which, "metropolis", seed);
    const { sites, shape } = lattice;
    const { data } = allConfigurations(shape);
    const correlations = new Float64Array(sites);
    let z = 0;
    for (let row = 0; row < 2 ** sites; row++) {
      const w = Math.exp(which.coupling * bondSum(data, row * sites));
      z += w;
      for (let j = 0; j < sites; j++)
        correlations[j]! += data[row * sites] === data[row * sites + j] ? w : -w;
    }
    // Every site is like every other.
    const exact = correlations.reduce((sum, c) => sum + (c / z) ** 2, 0) / sites;
    const rows = Array.from({ length: lanes }, () => new Uint8Array(sites));
    const squares = Array.from({ length: lanes / 2 }, () => new Float64Array(200));
    spins.sweep(0, 200);
    for (let s = 0; s < 200; s++) {
      spins.sweep(0, 40);
      rows.forEach((row, lane) => {
        spins.read(0, lane, row);
      });
      squares.forEach((means, d) => {
        for (let lane = 0; lane < lanes; lane++) {
          const other = rows[(lane + d + 1) % lanes]!;
          const like = rows[lane]!.reduce((sum, spin, i) => sum + (spin === other[i] ? 1 : 0), 0);
          means[s]! += ((2 * like) / sites - 1) ** 2 / lanes;
        }
      });
    }
    return jointTest(squares.map((means) => difference(independentMean(means), exact).sigmas));
  }

  it("by their overlaps at every distance between lanes", () => {
    const test = overlaps(seedOf(4));
    expect(test.pValue).toBeGreaterThan(1e-3);
    expect(test.pValue).toBeLessThan(1 - 1e-3);
  });

  it("and the overlaps show where two of them share their random bits", () => {
    // Both halves of the generator alike: replicas 64 apart draw the same.
    const shared = seedOf(4).map((word, i, words) => words[i % 4 < 2 ? i : i - 2] ?? word);
    expect(overlaps(shared).pValue).toBeLessThan(1e-9);
  });
});

it("goes on from what it saved with the same bits, and levels exchange by lanes", () => {
  const make = () => {
    const lattice = periodicLattice([6, 6], "triangular");
    const order = Uint32Array.from({ length: 36 }, (_, i) => (i * 5) % 36);
    const { neighbours } = lattice;
    const options = { degree: 6, neighbours, order, rule: "heat-bath", seed: seedOf(9) } as const;
    return new MultiSpin({ ...options, couplings: [0.2, -0.1] });
  };
  const [a, b] = [make(), make()];
  a.sweep(0, 7);
  a.sweep(1, 4);
  b.restore(a.save());
  for (const spins of [a, b]) {
    spins.sweep(1, 3);
    spins.sweep(0, 2);
  }
  expect(b.save()).toEqual(a.save());
  const rows = (spins: MultiSpin, lane: number) =>
    [0, 1].map((level) => {
      const row = new Uint8Array(36);
      spins.read(level, lane, row);
      return [...row];
    });
  const before = [3, 90].map((lane) => rows(a, lane));
  a.exchange(0, 1, Uint32Array.of(1 << 3, 0, 0, 0));
  expect(rows(a, 3)).toEqual(before[0]!.reverse());
  expect(rows(a, 90)).toEqual(before[1]);
});

it("measured chains are distinct, spread over all, and of both kinds of start", () => {
  for (let chains = 17; chains <= 128; chains++) {
    const measured = Array.from({ length: 16 }, (_, i) => measuredChain(i, chains));
    expect(new Set(measured).size).toBe(16);
    expect(measured.filter((chain) => chain % 2 === 1)).toHaveLength(8);
    expect(Math.max(...measured)).toBeLessThan(chains);
  }
});
