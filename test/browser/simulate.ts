import { Key } from "../../src/random/index.ts";
import { createSystem, simulateTemperatures } from "../../src/systems/index.ts";

const systems: readonly (readonly [system: string, algorithm: string, parameters: object])[] = [
  ["ising", "metropolis", { shape: [6, 6], beta: 0.4 }],
  ["ising", "heat-bath", { shape: [3, 4, 4], beta: 0.2 }],
  ["ising", "swendsen-wang", { shape: [6, 6], beta: 0.4, lattice: "triangular" }],
  ["ising", "wolff", { shape: [8, 8], beta: 0.44 }],
  ["potts", "heat-bath", { shape: [5, 5], beta: 0.9, q: 4 }],
  ["xy", "wolff", { shape: [5, 5], beta: 1 }],
  ["xy", "hybrid", { shape: [5, 5], beta: 1 }],
  ["spin-glass", "parallel-tempering", { shape: [4, 4], beta: 1 }],
  ["sk", "parallel-tempering", { shape: [12], beta: 1.5 }],
];

/** Rows by every kernel of Monte Carlo, then two temperatures in workers where there are any. */
export async function simulations(): Promise<Record<string, number[]>> {
  const found: Record<string, number[]> = {};
  for (const [name, algorithm, parameters] of systems) {
    const { x } = await createSystem(name, parameters).simulate({
      ...{ samples: 40, chains: 8, key: Key.fromSeed(4), algorithm, thinning: 6, burnIn: 50 },
    });
    found[`${name} by ${algorithm}`] = Array.from(x.data as Float32Array);
  }
  const { dataset } = await simulateTemperatures(
    [0.3, 0.5].map((beta) => createSystem("ising", { shape: [6, 6], beta })),
    { samples: 300, chains: 64, seed: 2, threads: typeof Worker === "undefined" ? 1 : 2 },
  );
  found["two temperatures, in workers where there are any"] = Array.from(dataset.x.data as Uint8Array);
  return found;
}
