import { createModel, createSystem, type FittedExact, solve } from "ansatz";
import { freeEnergyOf } from "ansatz/evaluate";
import { solvingDefaults } from "ansatz/models";
import { importance, weightedMoments } from "ansatz/stats";
import type { System } from "ansatz/systems";
import { configurations, expectation } from "./rows.ts";
import { coverage, type Experiment } from "./run.ts";

/** What `solve` prints of Ising 2×3 from a number of samples, after a number of steps. */
function ising(name: string, beta: number, steps: number, samples: number): Experiment {
  return {
    name: `Ising 2×3, β = ${beta}, ${name}, ${samples} samples`,
    async prepare() {
      const target = createSystem("ising", { shape: [2, 3], beta });
      const made = createModel(
        "made",
        { space: target.space },
        { ...solvingDefaults("made", target), hidden: 16 },
      );
      if (made.kind !== "exact") throw new Error("made is exact");
      const model = await solve(made, target, { steps, batch: 200, lr: 0.01, seed: 1 }).result();
      const exact = await exactly(model, target);
      const size = target.observables.absMagnetisation!;
      return async (key) => {
        const { x, logProb } = await model.sample(samples, { key });
        const energy = target.energy(x);
        const logWeight = energy.map((e, i) => -beta * e - logProb[i]!);
        const free = freeEnergyOf(beta, { x, energy, logWeight });
        const { mean } = weightedMoments(importance(logWeight), size(x));
        const of = ["logZBound", "logZ", "ess", "acceptance", "energy", "entropy", "heatCapacity"] as const;
        return {
          ...Object.fromEntries(of.map((each) => [each, { estimate: free[each], exact: exact[each] }])),
          "|m|": { estimate: mean, exact: exact.size },
        };
      };
    },
  };
}

/** Every number by the sum over all configurations. */
async function exactly(model: FittedExact, target: System) {
  const { x, probability: p } = configurations(target);
  const q = (await model.logProb(x)).map(Math.exp);
  const { logZ, energy, entropy, heatCapacity } = target.exact!;
  const ratio = p.map((each, i) => each / q[i]!);
  const size = target.observables.absMagnetisation!(x);
  return {
    ...{ logZ, energy, entropy, heatCapacity },
    logZBound: logZ + expectation(q, (i) => Math.log(ratio[i]!)),
    ess: 1 / expectation(q, (i) => ratio[i]! ** 2),
    acceptance: expectation(p, (i) => expectation(q, (j) => Math.min(1, ratio[j]! / ratio[i]!))),
    size: expectation(p, (i) => size[i]!),
  };
}

/** On a system of 64 configurations; the last is so cold that excitations are rare. */
export const solveExperiments: readonly Experiment[] = [
  ising("solved", 0.4, 200, 2000),
  ising("hardly solved", 0.4, 40, 500),
  ising("cold", 0.7, 200, 5000),
];

export const coverageSolve = coverage("solve", solveExperiments);
