import { createModel, createSystem, formatComparison, Key, solve } from "ansatz";
import { type FreeEnergy, freeEnergy } from "ansatz/evaluate";
import { solvingDefaults } from "ansatz/models";
import { difference, formatEstimate } from "ansatz/stats";
import type { System } from "ansatz/systems";
import type { SolveOptions } from "ansatz/train";
import { type Acceptance, type SeedResult, timed } from "./acceptance.ts";

/** Samples that every solved model is judged by. */
const samples = 100_000;

/** See {@link solved}. */
interface Claim {
  readonly name: string;
  readonly system: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** What differs from the defaults. */
  readonly options?: SolveOptions;
  /** The number that the run is about; its checks beside those of the reweighted estimates. */
  readonly result: (free: FreeEnergy, logZ: number) => SeedResult["result"];
  readonly checks?: (free: FreeEnergy, logZ: number) => SeedResult["checks"];
  readonly claim: Pick<Acceptance, "summary" | "bar" | "secondsAtMost" | "seeds">;
}

/** Solves for a system with a MADE, all hyperparameters as `ansatz solve` chooses them, and judges it by its samples. */
function solved({ name, system, parameters, options = {}, result, checks, claim }: Claim): Acceptance {
  return {
    name,
    settings: { system, ...parameters, ...options, samples },
    ...claim,
    async measure(seed) {
      const target: System = createSystem(system, parameters);
      const made = createModel("made", { space: target.space }, solvingDefaults("made", target));
      if (made.kind !== "exact" || !target.exact) throw new Error(`${system} is not known exactly`);
      const { value: model, cost } = await timed(() => solve(made, target, { ...options, seed }).result());
      const free = await freeEnergy(model, target, { samples, key: Key.fromSeed(seed).fold(1) });
      await model.release();
      const { exact } = target;
      const estimates = (["logZ", "energy", "entropy", "heatCapacity"] as const).map((key) => {
        const { sigmas } = difference(free[key], exact[key]);
        // Four estimates: beyond 3 σ has p < 0.011 in all.
        return [
          `${key} ${formatComparison(free[key], exact[key])}, within 3 σ`,
          Math.abs(sigmas) < 3,
        ] as const;
      });
      return {
        seed,
        result: result(free, exact.logZ),
        notes: `ESS ${formatEstimate(free.ess)}`,
        checks: [...estimates, ...(checks?.(free, exact.logZ) ?? [])],
        cost,
      };
    },
  };
}

const logZ = ({ logZ: { value, error } }: FreeEnergy, exact: number) => ({ value: value - exact, error });

/** The 16×16 Ising model at its critical point, every setting at its default. */
export const solveIsing = solved({
  name: "solve-ising",
  system: "ising",
  parameters: { shape: [16, 16], beta: "critical" },
  result: ({ logZBound: { value, error } }, exact) => ({
    value: (exact - value) / exact,
    error: error / exact,
  }),
  checks: ({ ess, logZ: z }, exact) => [
    [`ESS ${formatEstimate(ess)}, at least 0.85`, ess.value >= 0.85],
    [`log Z within 2 σ`, Math.abs(difference(z, exact).sigmas) < 2],
    [`relative error of log Z ${(z.error / exact).toExponential(1)}, at most 2e-5`, z.error / exact <= 2e-5],
  ],
  claim: {
    summary:
      "Ising model, 16×16, critical, from its energy: how far the bound is below the exact log Z, relative",
    seeds: [0],
    bar: { atMost: 3e-4 },
    secondsAtMost: 300,
  },
});

/** The antiferromagnet on a triangular lattice, frustrated: exact by Houtappel's formula. */
export const solveTriangular = solved({
  name: "solve-triangular",
  system: "ising",
  parameters: { shape: [6, 6], beta: 0.6, J: -1, lattice: "triangular" },
  options: { steps: 1000 },
  result: logZ,
  claim: {
    summary:
      "Ising antiferromagnet, 6×6 triangular, from its energy: importance-sampled less exact log Z, nats",
    seeds: [1],
  },
});

/** The Sherrington–Kirkpatrick model of 20 spins, exact by enumeration. */
export const solveSk = solved({
  name: "solve-sk",
  system: "sk",
  parameters: { shape: [20], beta: 1 },
  options: { steps: 1000 },
  result: logZ,
  claim: {
    summary: "Sherrington–Kirkpatrick, 20 spins, from its energy: importance-sampled less exact log Z, nats",
    seeds: [1],
  },
});
