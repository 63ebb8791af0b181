import { createSystem } from "ansatz";
import { rowMean, rowStatistic } from "ansatz/evaluate";
import type { SimulateRequest, System } from "ansatz/systems";
import { configurations, expectation } from "./rows.ts";
import { coverage, type Experiment, fewer } from "./run.ts";
import type { Found } from "./table.ts";

type Options = Partial<SimulateRequest> & { readonly samples: number };

const ising = () => createSystem("ising", { shape: [3, 3], beta: 0.45 });

/** The energy per site of Ising 3×3 as `simulate` prints it, and |m| as a report has it. */
function spins(name: string, options: Options): Experiment {
  return {
    name: `Ising 3×3, ${name}`,
    async prepare() {
      const system = ising();
      const { x, probability } = configurations(system);
      const size = system.observables.absMagnetisation!;
      const sizes = size(x);
      const exactSize = expectation(probability, (i) => sizes[i]!);
      return async (key) => {
        const simulation = await system.simulate({ key, algorithm: "metropolis", ...options });
        const { x, chain, tau, thinning } = simulation;
        return {
          energy: { estimate: simulation.energy, exact: system.exact!.energy / system.sites },
          "|m|": {
            estimate: rowMean(size(x), chain?.data, { tau, thinning }),
            exact: exactSize,
          },
        };
      };
    },
  };
}

/** What `simulate` prints of fields, where it is known exactly. */
function fields(name: string, system: System, options: Options): Experiment {
  return {
    name,
    repetitions: fewer,
    async prepare() {
      const exact = { ...system.exactMeans };
      return async (key) => {
        const simulation = await system.simulate({ key, ...options });
        const { x, chain, tau, thinning } = simulation;
        const rows = { x, ...(chain && { chain: chain.data }), spacing: { tau, thinning } };
        const found: Found = {
          energy: { estimate: simulation.energy, exact: system.exact!.energy / system.sites },
        };
        const others = (system.headlines ?? []).flatMap((headline) => {
          const known = exact[headline];
          if (known === undefined) return [];
          const statistic = system.statistics?.[headline];
          const estimate = statistic
            ? rowStatistic(statistic, rows)
            : rowMean(system.observables[headline]!(x), rows.chain, rows.spacing);
          return [[headline, { estimate, exact: known }] as const];
        });
        return { ...found, ...Object.fromEntries(others) };
      };
    },
  };
}

/** On systems small enough to be known exactly. */
export const simulateExperiments: readonly Experiment[] = [
  spins("rows 5 τ apart", { samples: 640 }),
  spins("one sweep apart", { samples: 640, thinning: 1 }),
  spins("few, one sweep apart", { samples: 160, thinning: 1 }),
  spins("a burn-in of 60", { samples: 640, thinning: 1, burnIn: 60 }),
  fields("free field of 4 sites", createSystem("phi4", { shape: [4], mass2: 1, lambda: 0 }), {
    samples: 2000,
  }),
  fields("φ⁴ of 4 sites", createSystem("phi4", { shape: [4], mass2: -1, lambda: 1 }), { samples: 640 }),
  fields("U(1) of 2×2 sites", createSystem("u1", { shape: [2, 2], beta: 1 }), { samples: 640 }),
];

export const coverageSimulate = coverage("simulate", simulateExperiments);
