import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { countTable, mirrored, readAmplitudes, readDensity } from "../../src/data/measurements/index.ts";
import { Key } from "../../src/random/key.ts";
import { fillNormal } from "../../src/random/normal.ts";
import { chiSquaredTest } from "../../src/stats/index.ts";
import { symmetricEigen } from "../../src/stats/symmetric-eigen.ts";
import { evolve } from "../../src/systems/qubits/evolve.ts";
import { applyChain, isingChain } from "../../src/systems/qubits/hamiltonian.ts";
import {
  bornProbabilities,
  createState,
  measure,
  type Noise,
  namedSettings,
  QubitSystem,
} from "../../src/systems/qubits/index.ts";
import { dot, groundState } from "../../src/systems/qubits/lanczos.ts";
import {
  channel,
  dagger,
  I,
  kron,
  type Matrix,
  onQubit,
  outcomes,
  product,
  pure,
  scaled,
  sum,
  trace,
  X,
  Y,
  Z,
} from "./dense-qubits.ts";

const key = Key.fromSeed(18);

/** Standard normal numbers. */
function normals(n: number, at: number): Float64Array {
  const out = new Float64Array(n);
  fillNormal(key.fold(at), out);
  return out;
}

function randomState(qubits: number, at: number) {
  const [re, im] = [normals(2 ** qubits, at), normals(2 ** qubits, at + 1)];
  const norm = Math.sqrt(dot(re, re) + dot(im, im));
  return { qubits, re: re.map((a) => a / norm), im: im.map((a) => a / norm) };
}

function randomAxes(qubits: number, at: number): Float64Array {
  const axes = normals(3 * qubits, at);
  for (let q = 0; q < qubits; q++) {
    const own = axes.subarray(3 * q, 3 * q + 3);
    const length = Math.hypot(...own);
    own.forEach((value, i) => {
      own[i] = value / length;
    });
  }
  return axes;
}

const farthest = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
};

/** The noise of the table below by Kraus' operators, as textbooks print them. */
function densely(rho: Matrix, noise: Noise, isTurned: boolean): Matrix {
  const qubits = Math.log2(rho.length);
  const { drift = 0, white = 0, depolarise = 0, dephase = 0, "amplitude-damping": decay = 0 } = noise;
  const turn = sum(scaled(I, Math.cos(drift / 2)), scaled(Y, [0, -Math.sin(drift / 2)]));
  let out = rho;
  if (isTurned) {
    const all = kron(...Array.from({ length: qubits }, () => turn));
    out = product(product(all, out), dagger(all));
  }
  out = sum(
    scaled(out, 1 - white),
    scaled(kron(...Array.from({ length: qubits }, () => I)), white / 2 ** qubits),
  );
  const one = (entries: readonly (readonly number[])[]): Matrix =>
    entries.map((row) => row.map((x) => [x, 0]));
  for (let q = 0; q < qubits; q++)
    for (const kraus of [
      [
        scaled(I, Math.sqrt(1 - (3 * depolarise) / 4)),
        ...[X, Y, Z].map((P) => scaled(P, Math.sqrt(depolarise / 4))),
      ],
      [scaled(I, Math.sqrt(1 - dephase / 2)), scaled(Z, Math.sqrt(dephase / 2))],
      [
        one([
          [1, 0],
          [0, Math.sqrt(1 - decay)],
        ]),
        one([
          [0, Math.sqrt(decay)],
          [0, 0],
        ]),
      ],
    ])
      out = channel(
        out,
        kraus.map((k) => onQubit(k, q, qubits)),
      );
  return out;
}

/** What is read, by a matrix of P(read | true) of all qubits. */
function read(probabilities: readonly number[], [p0 = 0, p1 = 0]: readonly number[]): number[] {
  const qubits = Math.log2(probabilities.length);
  const one: Matrix = [
    [
      [1 - p0, 0],
      [p1, 0],
    ],
    [
      [p0, 0],
      [1 - p1, 0],
    ],
  ];
  const all = kron(...Array.from({ length: qubits }, () => one));
  return all.map((row) => row.reduce((total, [p], i) => total + p * probabilities[i]!, 0));
}

describe("Born's rule", () => {
  it("is that of dense algebra for random states and axes", () => {
    for (const qubits of [1, 2, 3, 4])
      for (let trial = 0; trial < 3; trial++) {
        const state = randomState(qubits, 100 * qubits + 10 * trial);
        const axes = randomAxes(qubits, 100 * qubits + 10 * trial + 5);
        if (trial === 1) axes.set([0, 0, -1]);
        const own = bornProbabilities(state, axes);
        expect(farthest(own, outcomes(pure(state), axes))).toBeLessThan(1e-13);
        expect(Math.abs(own.reduce((a, b) => a + b) - 1)).toBeLessThan(1e-13);
      }
  });

  it("of the mirrored state and axes is the mirror image", () => {
    const [state, axes] = [randomState(3, 1), randomAxes(3, 7)];
    const mirror = [0, 4, 2, 6, 1, 5, 3, 7];
    const turned = {
      qubits: 3,
      re: state.re.map((_, i) => state.re[mirror[i]!]!),
      im: state.im.map((_, i) => state.im[mirror[i]!]!),
    };
    const back = Float64Array.from([6, 7, 8, 3, 4, 5, 0, 1, 2], (i) => axes[i]!);
    const [a, b] = [bornProbabilities(state, axes), bornProbabilities(turned, back)];
    expect(
      farthest(
        b,
        mirror.map((i) => a[i]!),
      ),
    ).toBeLessThan(1e-14);
  });
});

describe("noise", () => {
  const table: readonly Noise[] = [
    { white: 0.3 },
    { depolarise: 0.2 },
    { dephase: 0.4 },
    { "amplitude-damping": 0.35 },
    { readout: [0.05, 0.2] },
    { drift: 0.3 },
    { depolarise: 1 },
    { "amplitude-damping": 1 },
    {
      drift: 0.7,
      white: 0.1,
      depolarise: 0.15,
      dephase: 0.25,
      "amplitude-damping": 0.3,
      readout: [0.02, 0.1],
    },
  ];
  it.each(table)("%j is that of dense Kraus operators, and keeps the trace", (noise) => {
    for (const qubits of [1, 2, 3]) {
      const psi = randomState(qubits, 1000 + qubits);
      const system = new QubitSystem("random", { qubits }, noise, () => psi);
      const dense = densely(pure(psi), noise, false);
      const { re, im } = system.density();
      expect(
        farthest(
          re,
          dense.flat().map(([a]) => a),
        ),
      ).toBeLessThan(1e-14);
      expect(
        farthest(
          im,
          dense.flat().map(([, b]) => b),
        ),
      ).toBeLessThan(1e-14);
      expect(Math.abs(trace(dense)[0] - 1)).toBeLessThan(1e-13);
      for (const isTurned of [false, true]) {
        const axes = randomAxes(qubits, 2000 + qubits);
        const own = system.probabilities(axes, isTurned);
        const expected = read(outcomes(densely(pure(psi), noise, isTurned), axes), noise.readout ?? [0, 0]);
        expect(farthest(own, expected)).toBeLessThan(1e-13);
        expect(Math.min(...own)).toBeGreaterThanOrEqual(0);
      }
    }
  });
});

/** H of a chain from Pauli matrices. */
function denseChain(qubits: number, J: number, h: number): Float64Array {
  const terms = [
    ...Array.from({ length: qubits - 1 }, (_, q) =>
      scaled(product(onQubit(Z, q, qubits), onQubit(Z, q + 1, qubits)), -J),
    ),
    ...Array.from({ length: qubits }, (_, q) => scaled(onQubit(X, q, qubits), -h)),
  ];
  return Float64Array.from(sum(...terms).flat(), ([a]) => a);
}

describe("the transverse-field Ising chain", () => {
  it.each([
    [2, 1, 1],
    [4, 1, 0.7],
    [4, -1, 0.5],
    [5, 1, -1.3],
    [6, 0.8, 1],
    [3, 0, 1],
  ])("of %d sites, J %d, h %d has the ground state of the dense matrix", (qubits, J, h) => {
    const { values, vectors } = symmetricEigen(denseChain(qubits, J, h), 2 ** qubits);
    const { energy, vector } = groundState(isingChain(qubits, J, h));
    expect(Math.abs(energy - values.at(-1)!)).toBeLessThan(1e-12);
    expect(1 - dot(vector, vectors.subarray(-(2 ** qubits))) ** 2).toBeLessThan(1e-12);
  });

  it("of 12 sites at the critical field has the energy of free fermions, 1 − 1/sin(π/(4N + 2))", () => {
    const { energy, residual } = groundState(isingChain(12, 1, 1));
    expect(Math.abs(energy - (1 - 1 / Math.sin(Math.PI / 50)))).toBeLessThan(1e-10);
    expect(residual).toBeLessThan(1e-10);
  });

  it("finds the even one of two nearly degenerate states", () => {
    const { vector } = groundState(isingChain(10, 1, 0.1));
    expect(Math.abs(vector[0]! - vector.at(-1)!)).toBeLessThan(1e-10);
  });

  it("evolves as the dense exponential does", () => {
    const [qubits, time] = [5, 2.3];
    const psi = randomState(qubits, 50);
    const { values, vectors } = symmetricEigen(denseChain(qubits, 0.9, -0.6), 32);
    const [re, im] = [new Float64Array(32), new Float64Array(32)];
    values.forEach((energy, k) => {
      const own = vectors.subarray(32 * k, 32 * k + 32);
      const [a, b] = [dot(own, psi.re), dot(own, psi.im)];
      const [c, s] = [Math.cos(energy * time), Math.sin(energy * time)];
      own.forEach((v, i) => {
        re[i]! += v * (a * c + b * s);
        im[i]! += v * (b * c - a * s);
      });
    });
    const own = evolve(isingChain(qubits, 0.9, -0.6), psi, time);
    expect(farthest(own.re, re)).toBeLessThan(1e-12);
    expect(farthest(own.im, im)).toBeLessThan(1e-12);
  });

  it("conserves norm and energy over many steps", () => {
    const chain = isingChain(10, 1, 0.8);
    const energy = ({ re, im }: { re: Float64Array; im: Float64Array }) =>
      [re, im].reduce((total, part) => {
        const out = new Float64Array(part.length);
        applyChain(chain, part, out);
        return total + dot(part, out);
      }, 0);
    const start = createState("product", { qubits: 10, bloch: [0.6, 0, 0.8] }).psi;
    const later = evolve(chain, start, 3);
    expect(Math.abs(energy(later) - energy(start))).toBeLessThan(1e-10);
    expect(Math.abs(dot(later.re, later.re) + dot(later.im, later.im) - 1)).toBeLessThan(1e-11);
  });
});

describe("states with a formula", () => {
  const probabilities = (name: string, parameters: Record<string, unknown>, word: string) => {
    const system = createState(name, { qubits: word.length, ...parameters });
    const axes = Float64Array.from(
      [...word].flatMap((letter) => [..."XYZ"].map((one) => Number(one === letter))),
    );
    return system.probabilities(axes);
  };
  const parity = (all: Float64Array) =>
    all.reduce((total, p, i) => total + (i.toString(2).replaceAll("0", "").length % 2 ? -p : p), 0);

  it("GHZ: parity along x is cos φ, along y of one pair −cos φ", () => {
    expect(parity(probabilities("ghz", { phase: 0.4 }, "XXX"))).toBeCloseTo(Math.cos(0.4), 13);
    expect(parity(probabilities("ghz", { phase: 0.4 }, "YYX"))).toBeCloseTo(-Math.cos(0.4), 13);
    expect(parity(probabilities("ghz", { phase: 0.4 }, "YXX"))).toBeCloseTo(Math.sin(0.4), 13);
  });

  it("W: XX of two neighbours has the mean 2 cos(φ₁ − φ₂)/N, XY 2 sin(φ₂ − φ₁)/N", () => {
    const phases = [0.2, 1, -0.5];
    const two = (word: string) => {
      const all = probabilities("w", { phases }, word);
      return all.reduce((total, p, i) => total + (((i >> 2) ^ (i >> 1)) & 1 ? -p : p), 0);
    };
    expect(two("XXZ")).toBeCloseTo((2 / 3) * Math.cos(0.8), 13);
    expect(two("XYZ")).toBeCloseTo((2 / 3) * Math.sin(0.8), 13);
    expect(createState("w", { qubits: 4, phases: "random", seed: 1 }).psi).not.toEqual(
      createState("w", { qubits: 4, phases: "random", seed: 2 }).psi,
    );
  });

  it("Dicke: the weight of a share of ones is that of drawing without replacement", () => {
    const all = probabilities("dicke", { excitations: 2 }, "ZZZZ");
    expect(all.filter((p) => p > 0)).toHaveLength(6);
    expect(Math.max(...all)).toBeCloseTo(1 / 6, 14);
  });

  it("product: each qubit's mean along an axis is the component of its vector", () => {
    const bloch = [0.6, 0, 0.8, 0, -0.8, 0.6];
    for (const [at, word] of [
      [0, "XZ"],
      [1, "YZ"],
      [2, "ZZ"],
    ] as const) {
      const all = probabilities("product", { bloch }, word);
      expect(all[0]! + all[1]! - all[2]! - all[3]!).toBeCloseTo(bloch[at]!, 13);
    }
    for (const [at, word] of [
      [3, "ZX"],
      [4, "ZY"],
      [5, "ZZ"],
    ] as const) {
      const all = probabilities("product", { bloch }, word);
      expect(all[0]! - all[1]! + all[2]! - all[3]!).toBeCloseTo(bloch[at]!, 13);
    }
  });
});

describe("shots", () => {
  // Bonferroni over the settings: p < 1e-3 in a thousandth of correct programs.
  const compare = async (parameters: Record<string, unknown>, seed: number) => {
    const system = createState("w", { qubits: 3, phases: [0, 1, 2], ...parameters });
    const plan = namedSettings("pauli", 3, key);
    const measured = await measure(system, { ...plan, shots: 1000, seed, name: "w" });
    const table = countTable(measured);
    const p = (turnedFrom: number) =>
      Math.min(
        ...measured.settings.map(({ axes }, s) => {
          const expected = system.probabilities(axes, s >= turnedFrom).map((q) => 1000 * q);
          return chiSquaredTest(table.subarray(8 * s, 8 * s + 8), expected).pValue;
        }),
      ) * 27;
    return { measured, p };
  };

  it("have the frequencies of Born's rule, with noise and with drift in the second half of the settings", async () => {
    const noise = { white: 0.1, depolarise: 0.05, "amplitude-damping": 0.1, readout: [0.02, 0.06] };
    expect((await compare(noise, 1)).p(27)).toBeGreaterThan(1e-3);
    const drifting = await compare({ ...noise, drift: 0.3 }, 2);
    expect(drifting.p(14)).toBeGreaterThan(1e-3);
    expect(drifting.p(27)).toBeLessThan(1e-9);
  });

  it("follow from the seed, and their mirror image is that of the mirrored state", async () => {
    const { measured } = await compare({}, 3);
    expect((await compare({}, 3)).measured).toEqual(measured);
    expect((await compare({}, 4)).measured.bits).not.toEqual(measured.bits);
    const turned = mirrored(measured);
    const other = createState("w", { qubits: 3, phases: [2, 1, 0] });
    const table = countTable(turned);
    const p = turned.settings.map(
      ({ axes }, s) =>
        chiSquaredTest(
          table.subarray(8 * s, 8 * s + 8),
          other.probabilities(axes).map((q) => 1000 * q),
        ).pValue,
    );
    // A single possible outcome leaves no degree of freedom, and NaN.
    expect(Math.min(...p.filter((one) => !Number.isNaN(one))) * 27).toBeGreaterThan(1e-3);
  });

  it("in random settings are one each, evenly among letters", () => {
    const { settings, isSingle } = namedSettings("random:9000", 2, key.fold(9));
    const counts = new Map<string, number>();
    for (const word of settings) counts.set(word as string, (counts.get(word as string) ?? 0) + 1);
    expect(isSingle).toBe(true);
    expect(chiSquaredTest([...counts.values()], Array(9).fill(1000)).pValue).toBeGreaterThan(1e-3);
  });
});

const shared = fileURLToPath(new URL("../../../shared/data/qucumber/", import.meta.url));
describe.skipIf(!existsSync(shared))("QuCumber's states (skipped where the folder is absent)", () => {
  const file = (name: string) => ({ name, bytes: new Uint8Array(readFileSync(`${shared}${name}`)) });

  it("the critical chain of 10 has its amplitudes", () => {
    const { re } = readAmplitudes(file("tfim1d_psi.txt"));
    expect(farthest(createState("tfim", { qubits: 10 }).psi.re, re)).toBeLessThan(1e-9);
  });

  it("the depolarised W of two qubits has its density matrix: half of it is white noise", () => {
    const { re, im } = readDensity(file("N2_W_state_target_real.txt"), file("N2_W_state_target_imag.txt"));
    const own = createState("w", { qubits: 2, white: 0.5 }).density();
    expect(farthest(own.re, re)).toBeLessThan(1e-12);
    expect(farthest(own.im, im)).toBeLessThan(1e-12);
  });
});
