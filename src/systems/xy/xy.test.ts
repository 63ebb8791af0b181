import { describe, expect, it } from "vitest";
import { ndarray } from "../../array.ts";
import { Key } from "../../random/key.ts";
import { uniform } from "../../random/uniform.ts";
import { jit } from "../../runtime/index.ts";
import { chainMean, chiSquaredTest, difference, jointTest } from "../../stats/index.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { LatticeKind } from "../ising/lattice.ts";
import { xyAlgorithms } from "./algorithms.ts";
import { exactXyRing } from "./exact.ts";
import { xy } from "./xy.ts";

const system = (shape: readonly number[], beta: number, J = 1, lattice: LatticeKind = "square") =>
  xy.create({ shape, beta, J, lattice });

function randomAngles(rows: number, shape: readonly number[], seed: number) {
  const sites = shape.reduce((product, side) => product * side, 1);
  const u = uniform(Key.fromSeed(seed), rows * sites, "f32");
  return ndarray("f32", [rows, ...shape], u.map((v) => 2 * Math.PI * (v - 0.5)) as Float32Array<ArrayBuffer>);
}

describe("the ring", () => {
  it.each([
    [3, 0.8, 1],
    [3, 0.9, -1],
    [4, 1.5, -2],
  ])("of %i rotors at beta %d, J = %d: as quadrature", (sites, beta, j) => {
    // The first rotor may stand still; the trapezoidal rule over the others converges exponentially.
    const nodes = 64;
    let [z, first, second] = [0, 0, 0];
    const angle = (k: number) => (2 * Math.PI * k) / nodes;
    for (let state = 0; state < nodes ** (sites - 1); state++) {
      const angles = [
        0,
        ...Array.from({ length: sites - 1 }, (_, i) => angle(Math.floor(state / nodes ** i) % nodes)),
      ];
      let energy = 0;
      for (let i = 0; i < sites; i++) energy -= j * Math.cos(angles[i]! - angles[(i + 1) % sites]!);
      const w = Math.exp(-beta * energy);
      z += w;
      first += w * energy;
      second += w * energy * energy;
    }
    const exact = exactXyRing(sites, beta, j);
    const u = first / z;
    const logZ = Math.log(z) - (sites - 1) * Math.log(nodes) + sites * Math.log(2 * Math.PI);
    expect(exact.logZ).toBeCloseTo(logZ, 10);
    expect(exact.energy).toBeCloseTo(u, 10);
    expect(exact.heatCapacity).toBeCloseTo(beta * beta * (second / z - u * u), 9);
    expect(exact.entropy).toBeCloseTo(logZ + beta * u, 10);
  });

  it("has the equipartition of one degree of freedom a site when cold, and free rotors when hot", () => {
    const cold = exactXyRing(50, 400, 1);
    expect(((cold.energy + 50) * 400) / 50).toBeCloseTo(0.49, 2);
    expect(exactXyRing(7, 0, 1).logZ).toBeCloseTo(7 * Math.log(2 * Math.PI), 12);
    expect(exactXyRing(7, 0, 1).energy).toBeCloseTo(0, 12);
  });
});

describe.each(xyAlgorithms)("%s", (algorithm) => {
  it("has exact energies on rings of both signs", async () => {
    const sigmas: number[] = [];
    for (const [sites, beta, j] of [
      [3, 1, 1],
      [8, 0.3, 1],
      [12, 2, 1],
      [8, 1.5, -1],
    ] as const) {
      const one = system([sites], beta, j);
      const { energy } = await one.simulate({ samples: 8000, chains: 32, key: Key.fromSeed(3), algorithm });
      sigmas.push(difference(energy, one.exact!.energy / sites).sigmas);
    }
    const test = jointTest(sigmas);
    expect(test.pValue).toBeGreaterThan(1e-3);
    expect(test.pValue).toBeLessThan(1 - 1e-3);
  });

  it("turns by any angle equally likely, and neighbours by their exact distribution", async () => {
    const beta = 1.2;
    const { x } = await system([3], beta).simulate({ samples: 20_000, key: Key.fromSeed(4), algorithm });
    const bins = 24;
    const turns = new Array<number>(bins).fill(0);
    const angles = new Array<number>(bins).fill(0);
    const bin = (angle: number) => Math.floor((((angle / (2 * Math.PI)) % 1) + 1.5) * bins) % bins;
    for (let row = 0; row < 20_000; row++) {
      angles[bin(x.data[3 * row]!)]!++;
      turns[bin(x.data[3 * row + 1]! - x.data[3 * row]!)]!++;
    }
    expect(
      chiSquaredTest(
        angles,
        angles.map(() => 20_000 / bins),
      ).pValue,
    ).toBeGreaterThan(1e-3);
    // P(φ) ∝ e^{β cos φ} ∫ e^{β cos t + β cos(t + φ)} dt.
    const fine = 40;
    const density = Array.from({ length: bins }, (_, b) => {
      let sum = 0;
      for (let k = 0; k < fine; k++) {
        const phi = 2 * Math.PI * ((b + (k + 0.5) / fine) / bins - 0.5);
        for (let m = 0; m < 64; m++) {
          const t = (2 * Math.PI * m) / 64;
          sum += Math.exp(beta * (Math.cos(phi) + Math.cos(t) + Math.cos(t + phi)));
        }
      }
      return sum;
    });
    const total = density.reduce((sum, p) => sum + p, 0);
    expect(
      chiSquaredTest(
        turns,
        density.map((p) => (20_000 * p) / total),
      ).pValue,
    ).toBeGreaterThan(1e-3);
  });
});

it("algorithms agree where nothing is known exactly: energy and order of 6 × 6, vortices, a frustrated lattice", async () => {
  const means = async (one: ReturnType<typeof system>, algorithm: string) => {
    const { x, chain } = await one.simulate({ samples: 3200, chains: 32, key: Key.fromSeed(6), algorithm });
    return Object.values(one.observables).map((of) => {
      const values = of(x);
      const chains = Array.from({ length: 32 }, (_, c) => values.filter((_, row) => chain!.data[row] === c));
      const { value, error } = chainMean(chains);
      return { value, error };
    });
  };
  const sigmas: number[] = [];
  for (const beta of [0.6, 1.12]) {
    const [a, b] = [await means(system([6, 6], beta), "wolff"), await means(system([6, 6], beta), "hybrid")];
    a.forEach((estimate, i) => {
      const error = Math.hypot(estimate.error, b[i]!.error);
      sigmas.push((estimate.value - b[i]!.value) / error);
    });
  }
  const frustrated = system([6, 6], 1, -1, "triangular");
  const [a, b] = [await means(frustrated, "metropolis"), await means(frustrated, "hybrid")];
  sigmas.push((a[0]!.value - b[0]!.value) / Math.hypot(a[0]!.error, b[0]!.error));
  const test = jointTest(sigmas);
  expect(test.largestPValue).toBeGreaterThan(1e-3);
  await expect(frustrated.simulate({ samples: 4, key: Key.fromSeed(1), algorithm: "wolff" })).rejects.toThrow(
    /there are no clusters; take hybrid/,
  );
});

it("energy is that of loops over coordinates, also of tensors", async () => {
  const shape = [3, 4];
  const x = randomAngles(5, shape, 1);
  for (const lattice of ["square", "triangular"] as const) {
    const one = system(shape, 1, -1.5, lattice);
    const energies = one.energy(x);
    const tensors = await jit((t: Tensor) => one.energyTensor!(t))(x);
    for (let row = 0; row < 5; row++) {
      const t = (i: number, j: number) => x.data[row * 12 + (i % 3) * 4 + (j % 4)]!;
      let sum = 0;
      for (let i = 0; i < 3; i++)
        for (let j = 0; j < 4; j++) {
          sum += Math.cos(t(i, j) - t(i + 1, j)) + Math.cos(t(i, j) - t(i, j + 1));
          if (lattice === "triangular") sum += Math.cos(t(i, j) - t(i + 1, j + 1));
        }
      expect(energies[row]).toBeCloseTo(1.5 * sum, 10);
      expect(Number(tensors.data[row])).toBeCloseTo(1.5 * sum, 4);
    }
  }
});

it("counts a vortex and an antivortex", () => {
  const side = 12;
  const angles = Float32Array.from({ length: side * side }, (_, i) => {
    const [row, column] = [Math.floor(i / side), i % side];
    return Math.atan2(row - 5.5, column - 2.5) - Math.atan2(row - 5.5, column - 8.5);
  });
  const wrapped = angles.map((a) => a - 2 * Math.PI * Math.round(a / (2 * Math.PI)));
  const x = ndarray("f32", [1, side, side], wrapped);
  expect(system([side, side], 1).observables.vortexDensity!(x)[0]).toBeCloseTo(2 / 144, 12);
});
