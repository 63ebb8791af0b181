import { createSystem, FittedExact, Key, makeMade, type NDArray } from "ansatz";
import { fill } from "ansatz/evaluate";
import { independentMean } from "ansatz/stats";
import { configurations, drawRows, expectation } from "./rows.ts";
import { coverage, type Experiment, fewer } from "./run.ts";

const system = createSystem("ising", { shape: [2, 3], beta: 0.4 });
const sites = 6;

/** log P of the known sites of rows, and the mean of the unknown ones by their completions. */
const filled = (name: string, known: readonly number[], rows: number, repetitions?: number): Experiment => ({
  name: `${rows} rows, ${name}`,
  ...(repetitions !== undefined && { repetitions }),
  async prepare() {
    const made = makeMade({ space: system.space }, { hidden: 8 });
    const model = new FittedExact(made, made.init(Key.fromSeed(2)));
    const { x, probability } = configurations(system);
    const p = (await model.logProb(x)).map(Math.exp);
    const bit = (i: number, site: number) => Number(x.data[sites * i + site]);
    const gap = [...Array(sites).keys()].filter((site) => !known.includes(site));
    const alike = (i: number, j: number) => known.every((site) => bit(i, site) === bit(j, site));
    const marginal = p.map((_, i) => expectation(p, (j) => (alike(i, j) ? 1 : 0)));
    const share = (i: number) => gap.reduce((sum, site) => sum + bit(i, site), 0) / gap.length;
    const completed = p.map((_, i) => expectation(p, (j) => (alike(i, j) ? share(j) : 0)) / marginal[i]!);
    const exact = {
      evidence: expectation(probability, (i) => Math.log(marginal[i]!)),
      mean: expectation(probability, (i) => completed[i]!),
    };
    const draw = drawRows(system);
    return async (key) => {
      const drawn = draw(rows, key.fold(0));
      const values = Float32Array.from(drawn.data, Number);
      const mask = Float32Array.from(values, (_, i) => (known.includes(i % sites) ? 1 : 0));
      const array = (data: Float32Array): NDArray<"f32"> => ({ dtype: "f32", shape: drawn.shape, data });
      const found = await fill(
        model,
        { values: array(values.map((v, i) => v * mask[i]!)), known: array(mask) },
        { key: key.fold(1) },
      );
      const means = Float64Array.from({ length: rows }, (_, row) => {
        const total = gap.reduce((sum, site) => sum + Number(found.x.data[row * sites + site]), 0);
        return total / gap.length;
      });
      return {
        "log P of known sites": { estimate: independentMean(found.logEvidence), exact: exact.evidence },
        "mean of completions": { estimate: independentMean(means), exact: exact.mean },
      };
    };
  },
});

/** On a system of 64 configurations. */
export const fillExperiments: readonly Experiment[] = [
  filled("the last sites unknown", [0, 1, 2], 200),
  filled("the first sites unknown", [3, 4, 5], 50, fewer),
];

export const coverageFill = coverage("fill", fillExperiments);
