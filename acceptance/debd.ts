import { score } from "ansatz";
import { loadDataset } from "ansatz/files";
import type { FitOptions } from "ansatz/train";
import { type Acceptance, type Bar, fitMade } from "./acceptance.ts";

/** See {@link densityEstimation}. */
interface Benchmark {
  readonly name: string;
  readonly hyperparameters: Parameters<typeof fitMade>[1] & object;
  readonly options: FitOptions;
  readonly bar: Bar;
}

/**
 * One of the binary density-estimation benchmarks of Lowd & Davis (2010) and Van Haaren & Davis (2012), with its own
 * split into training, validation and test rows; the result is the mean test log-likelihood, nats a row.
 */
export function densityEstimation({ name, hyperparameters, options, bar }: Benchmark): Acceptance {
  return {
    name,
    summary: `${name}: test log-likelihood of a MADE, nats a row`,
    settings: { ...hyperparameters, ...options },
    seeds: [1, 2, 3],
    bar,
    secondsAtMost: 60,
    async measure(seed, { file }) {
      const part = (split: string) => file(`debd/${name}.${split}.data`);
      const dataset = await loadDataset({ train: part("train"), valid: part("valid"), test: part("test") });
      const { model, epochs, cost } = await fitMade(dataset, hyperparameters, { ...options, seed });
      const { logProb } = await score(model, dataset, { part: "test" });
      await model.release();
      return { seed, result: logProb, notes: epochs, cost };
    },
  };
}
