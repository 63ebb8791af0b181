import { createSystem, FittedEnergy, FittedExact, Key, makeMade, makeRbm } from "ansatz";
import { energyDistance, pointEncoder, scoreEnergy, scoreExact } from "ansatz/evaluate";
import { normal } from "ansatz/random";
import { allConfigurations } from "ansatz/systems";
import { configurations, datasetOf, drawRows, expectation } from "./rows.ts";
import { coverage, type Experiment, fewer } from "./run.ts";

const system = createSystem("ising", { shape: [2, 3], beta: 0.4 });
const { space } = system;

/** A model of the first parameters, whose weights are random: the score is of any model. */
function exactModel(): FittedExact {
  const made = makeMade({ space }, { hidden: 8 });
  return new FittedExact(made, made.init(Key.fromSeed(2)));
}

function energyModel(): FittedEnergy {
  const rbm = makeRbm({ space }, { hidden: 5 });
  const start = rbm.init(Key.fromSeed(3));
  const data = normal(Key.fromSeed(4), start.weight.data.length, "f32").map((w) => 0.5 * w);
  return new FittedEnergy(rbm, { ...start, weight: { ...start.weight, data } });
}

const exactScore = (name: string, rows: number, chains?: number): Experiment => ({
  name: `exact model, ${rows} ${name}`,
  async prepare() {
    const model = exactModel();
    const { x, probability } = configurations(system);
    const logProb = await model.logProb(x);
    const nll = -expectation(probability, (i) => logProb[i]!);
    const draw = drawRows(system);
    return async (key) => {
      const simulated =
        chains &&
        (await system.simulate({ key, chains, samples: rows, thinning: 1, algorithm: "metropolis" }));
      const dataset = simulated
        ? datasetOf(system, simulated.x, simulated.chain)
        : datasetOf(system, draw(rows, key));
      const found = await scoreExact(model, dataset, { part: "all" });
      return {
        NLL: { estimate: found.nll, exact: nll },
        KL: { estimate: found.kl!, exact: nll - system.exact!.entropy },
      };
    };
  },
});

const energyScore: Experiment = {
  name: "energy model, 500 rows",
  repetitions: fewer,
  async prepare() {
    const model = energyModel();
    const { x, probability } = configurations(system);
    const logWeight = await model.logWeight(x);
    const logZ = Math.log(logWeight.reduce((sum, w) => sum + Math.exp(w), 0));
    const nll = logZ - expectation(probability, (i) => logWeight[i]!);
    const draw = drawRows(system);
    return async (key) => {
      const dataset = datasetOf(system, draw(500, key.fold(0)));
      const options = {
        key: key.fold(1),
        part: "all",
        bracket: true,
        chains: 100,
        temperatures: 40,
      } as const;
      const found = await scoreEnergy(model, dataset, options);
      if (found.logZ.method !== "annealing") throw new Error("a bracket was asked for");
      const { lower, upper, integration } = found.logZ;
      return {
        "NLL, at least": { estimate: found.nll.lower, exact: nll },
        "NLL, at most": { estimate: found.nll.upper, exact: nll },
        "log Z, lower side": { estimate: lower, exact: logZ },
        "log Z, upper side": { estimate: upper, exact: logZ },
        "log Z, integration": { estimate: integration, exact: logZ },
      };
    };
  },
};

/** Of the rows of two temperatures, by the distances between all pairs of configurations. */
const distances = (name: string, beta: number): Experiment => ({
  name: `energy distance, 150 rows and ${name}`,
  async prepare() {
    const other = createSystem("ising", { shape: [2, 3], beta });
    const x = allConfigurations(system.shape);
    const encode = pointEncoder(space, x);
    const [p, q] = [configurations(system).probability, configurations(other).probability];
    const apart = (i: number, j: number) => Math.sqrt(bits(i ^ j));
    const between = (a: Float64Array, b: Float64Array) =>
      expectation(a, (i) => expectation(b, (j) => apart(i, j)));
    const exact = 2 * between(p, q) - between(p, p) - between(q, q);
    const [one, two] = [drawRows(system), drawRows(other)];

    return async (key) => ({
      distance: {
        estimate: await energyDistance(encode(one(150, key.fold(0))), encode(two(150, key.fold(1)))),
        exact,
      },
    });
  },
});

function bits(n: number): number {
  return n === 0 ? 0 : (n & 1) + bits(n >> 1);
}

/** On a system of 64 configurations. */
export const scoreExperiments: readonly Experiment[] = [
  exactScore("independent rows", 200),
  exactScore("rows of 16 chains", 640, 16),
  exactScore("rows of 2 chains", 1000, 2),
  energyScore,
  distances("of another temperature", 0.15),
];

export const coverageScore = coverage("score", scoreExperiments);
