import { createSystem } from "ansatz";
import { chiSquaredTest, difference, jointTest } from "ansatz/stats";
import { isingAlgorithms, simulateTemperatures } from "ansatz/systems";
import { type Acceptance, timed } from "./acceptance.ts";

const sides = [16, 32] as const;
const betas = [0.3, 0.4, Math.log(1 + Math.SQRT2) / 2, 0.5];
/** Rows at each temperature of each lattice. Single spins take long at the critical point: L = 32 has fewer there. */
const samples = { 16: 25_600, 32: 12_800 } as const;
const rows = 200_000;

/**
 * Energies of the square-lattice Ising model by every algorithm, 128 chains each, beside Kaufman's: χ² over the table and
 * its largest deviation. Then the distribution of the 3 × 3 lattice over its 512 configurations, also by every algorithm.
 */
export const monteCarlo: Acceptance = {
  name: "monte-carlo",
  summary: "Ising energies by every Monte Carlo algorithm against exact ones: p-value of χ² over the table",
  settings: { sides, betas: betas.map((beta) => beta.toFixed(4)), ...samples, algorithms: isingAlgorithms },
  seeds: [1],
  async measure(seed, { print }) {
    const sigmas: number[] = [];
    const names: string[] = [];
    const distributions: number[] = [];
    const { cost } = await timed(async () => {
      for (const algorithm of isingAlgorithms) {
        for (const side of sides) {
          const systems = betas.map((beta) => createSystem("ising", { shape: [side, side], beta }));
          const { simulations } = await simulateTemperatures(systems, {
            ...{ samples: samples[side] * betas.length, chains: 128, seed, algorithm, threads: 1 },
          });
          simulations.forEach(({ energy, tau }, i) => {
            const { exact, sites, beta } = systems[i]!;
            const { sigmas: deviation } = difference(energy, exact!.energy / sites);
            sigmas.push(deviation);
            names.push(`${algorithm} L=${side} β=${beta.toFixed(4)}`);
            print(
              `${names.at(-1)}: ${energy.value.toFixed(6)} ± ${energy.error.toFixed(6)}, exact ` +
                `${(exact!.energy / sites).toFixed(6)}, ${deviation.toFixed(2)}σ, τ = ${tau.toPrecision(3)} sweeps`,
            );
          });
        }
        distributions.push(await smallest(algorithm, seed));
        print(
          `${algorithm}: 3×3 at β = 0.3, χ² over 512 configurations: p = ${distributions.at(-1)!.toFixed(3)}`,
        );
      }
    });
    const test = jointTest(sigmas);
    const least = Math.min(1, distributions.length * Math.min(...distributions));
    return {
      seed,
      result: { value: test.pValue, error: 0 },
      notes:
        `χ² = ${test.chiSquared.toFixed(1)} of ${test.dof}, largest ${test.largest.toFixed(2)}σ at ` +
        `${names[test.largestAt]} (p = ${test.largestPValue.toFixed(2)} after Bonferroni)`,
      checks: [
        ["p of χ² between 0.001 and 0.999", test.pValue > 0.001 && test.pValue < 0.999],
        ["the largest deviation within its Bonferroni bound, p > 0.01", test.largestPValue > 0.01],
        ["distributions of 3×3, p > 0.01 after Bonferroni", least > 0.01],
      ],
      cost,
    };
  },
};

/** p-value of the distribution of the 3 × 3 lattice over all configurations. */
async function smallest(algorithm: string, seed: number): Promise<number> {
  const system = createSystem("ising", { shape: [3, 3], beta: 0.3 });
  const { simulations } = await simulateTemperatures([system], {
    ...{ samples: rows, chains: 128, seed, algorithm, threads: 1 },
  });
  const [{ x }] = simulations as [(typeof simulations)[number]];
  const counts = new Array<number>(512).fill(0);
  for (let row = 0; row < rows; row++) {
    let index = 0;
    for (let i = 0; i < 9; i++) index = 2 * index + Number(x.data[9 * row + i]);
    counts[index]!++;
  }
  const all = Uint8Array.from({ length: 512 * 9 }, (_, i) => (Math.floor(i / 9) >> (8 - (i % 9))) & 1);
  const exact = system.logProb({ dtype: "u8", shape: [512, 3, 3], data: all })!;
  return chiSquaredTest(
    counts,
    Array.from(exact, (l) => rows * Math.exp(l)),
  ).pValue;
}
