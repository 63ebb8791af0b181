import { type Estimate, fit, makeTransformer, score } from "ansatz";
import { independentMean } from "ansatz/stats";
import type { FitOptions } from "ansatz/train";
import { type Acceptance, timed } from "./acceptance.ts";
import { markovText } from "./markov-text.ts";

const [words, sites, rows] = [1_000_000, 16, 60_000];
const hyperparameters = { layers: 1, width: 64, heads: 4, negatives: 1024 };
const options: FitOptions = { schedule: "cosine", epochs: 4, batch: 64, lr: 3e-3, clip: 1, validRows: 60 };
/** Test rows that are scored, exactly: 10⁶ logits a word. */
const scored = 100;

/**
 * A vocabulary of 10⁶ words: a transformer trained by sampled softmax on a synthetic text of known entropy. Its exact
 * log-probability on unseen rows, and their KL divergence from the text's own law, paired, nats a word.
 */
export const largeVocabulary: Acceptance = {
  name: "large-vocabulary",
  summary: "a text of 10^6 different words: KL per word of a transformer on unseen rows, paired, nats",
  settings: { words, sites, rows, ...hyperparameters, ...options },
  seeds: [1],
  // A model of words taken alone, however good, is 2.164 nats away.
  bar: { atMost: 1.7 },
  secondsAtMost: 200,
  async measure(seed, { print }) {
    const text = markovText(words, sites, rows, seed);
    const { dataset } = text;
    print(
      `entropy ${(text.entropy / sites).toFixed(3)} nats a word; ${(text.independentEntropy / sites).toFixed(3)} of each word alone`,
    );
    const transformer = makeTransformer({ space: dataset.space }, hyperparameters);
    const { value: model, cost } = await timed(() =>
      fit(transformer, dataset, { ...options, seed }).result((event) => {
        if (event.type === "round")
          print(
            `epoch ${event.round}: sampled loss ${((event.losses.NLL as number) / sites).toFixed(3)}, validation ` +
              `${((event.measures.NLL as Estimate).value / sites).toFixed(3)} nats a word, ${event.seconds.toFixed(0)} s`,
          );
      }),
    );
    const test = { ...dataset.splits, test: dataset.splits.test.subarray(0, scored) };
    const { value: result, cost: scoring } = await timed(() =>
      score(model, { ...dataset, splits: test }, { part: "test", rows: true }),
    );
    await model.release();
    const kl = independentMean(
      Float64Array.from(result.rows ?? [], (logProb, i) => {
        const at = (test.test[i] as number) * sites;
        return (text.logProb((dataset.x.data as Int32Array).subarray(at, at + sites)) - logProb) / sites;
      }),
    );
    const peak = process.resourceUsage().maxRSS / 1e6;
    return {
      seed,
      result: kl,
      notes:
        `NLL ${result.nllPerSite.value.toFixed(3)} ± ${result.nllPerSite.error.toFixed(3)} nats a word on ${scored} rows ` +
        `(scored in ${scoring.wall.toFixed(0)} s), ${peak.toFixed(1)} GB at the peak`,
      cost,
    };
  },
};
