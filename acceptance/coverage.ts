import { createSystem, Key } from "ansatz";
import { jointTest } from "ansatz/stats";
import { type Acceptance, timed } from "./acceptance.ts";

const simulations = 1000;
/** The share of a normal distribution within one and within two standard errors. */
const nominal = [0.6827, 0.9545] as const;

/** What is asked of `simulate`, and of how many rows. */
const cases = {
  "rows 5 τ apart": { samples: 640 },
  "one sweep apart": { samples: 640, thinning: 1 },
  "few, one sweep apart": { samples: 160, thinning: 1 },
  "a burn-in of 60": { samples: 640, thinning: 1, burnIn: 60 },
} as const;

/** Coverage of the energies that `simulate` prints, on a lattice small enough to enumerate. */
export const coverageSimulate: Acceptance = {
  name: "coverage-simulate",
  summary: "Coverage of the energy of simulations: largest error, as a share of the true spread",
  settings: { system: "ising", shape: [3, 3], beta: 0.45, algorithm: "metropolis", simulations },
  seeds: [1],
  bar: { atMost: 1.5 },
  async measure(seed) {
    const system = createSystem("ising", { shape: [3, 3], beta: 0.45 });
    const exact = (system.exact?.energy as number) / system.sites;
    const sigmas: number[] = [];
    const notes: string[] = [];
    let largest = 0;
    let unknown = 0;
    const { cost } = await timed(async () => {
      for (const [name, options] of Object.entries(cases)) {
        const found = [];
        for (let n = 0; n < simulations; n++) {
          const key = Key.fromSeed(seed).fold(n);
          found.push((await system.simulate({ key, algorithm: "metropolis", ...options })).energy);
        }
        const known = found.filter(({ error }) => !Number.isNaN(error));
        unknown = Math.max(unknown, 1 - known.length / simulations);
        const spread = Math.sqrt(known.reduce((sum, e) => sum + (e.value - exact) ** 2, 0) / known.length);
        largest = Math.max(largest, known.reduce((sum, e) => sum + e.error, 0) / known.length / spread);
        const shares = nominal.map((expected, i) => {
          const within = known.filter((e) => Math.abs(e.value - exact) < (i + 1) * e.error).length;
          const share = within / known.length;
          sigmas.push((share - expected) / Math.sqrt((expected * (1 - expected)) / known.length));
          return share.toFixed(3);
        });
        notes.push(`${name} ${shares.join(" and ")}`);
      }
    });
    // Fractions within one and two errors of the same rows are correlated, which Bonferroni's bound allows.
    const { largestPValue } = jointTest(sigmas);
    return {
      seed,
      result: { value: largest, error: Number.NaN },
      notes: `within 1 and 2 errors: ${notes.join("; ")}`,
      checks: [
        [
          `joint p ${largestPValue.toPrecision(2)} of ${sigmas.length} fractions, at least 0.01`,
          largestPValue >= 0.01,
        ],
        [`unknown ${unknown}, at most 0.05`, unknown <= 0.05],
      ],
      cost,
    };
  },
};
