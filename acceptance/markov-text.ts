import { type Dataset, Key } from "ansatz";
import { makeDataset } from "ansatz/data";
import { uniform } from "ansatz/random";
import { ndarray } from "ansatz/tensor";

/** Classes of words; word w is of class w mod {@link CLASSES}. */
const CLASSES = 32;
/** Probability that the class of the next word is the one that follows, and not any at random. */
const FOLLOWS = 0.8;

/** A synthetic text of a first-order Markov chain, whose probabilities and entropy are known. */
export interface MarkovText {
  readonly dataset: Dataset;
  /** Entropy of a row, nats, and what is left of it when each word is taken alone. */
  readonly entropy: number;
  readonly independentEntropy: number;
  /** log P of a row of words, nats. */
  logProb(words: ArrayLike<number>): number;
}

/**
 * Rows of `sites` words from a vocabulary of `words`, sorted by falling frequency. The class of a word is followed by
 * class 5c + 1 (modulo 32) with probability 0.8, else by any; within its class a word has probability ∝ 1/(w + 1), Zipf's
 * law. All classes are equally frequent.
 */
export function markovText(words: number, sites: number, rows: number, seed: number): MarkovText {
  /** Cumulated weights of the words of each class. */
  const cumulated = Array.from({ length: CLASSES }, (_, c) => {
    const sums = new Float64Array(Math.ceil((words - c) / CLASSES));
    let total = 0;
    for (let k = 0; k < sums.length; k++) sums[k] = total += 1 / (c + k * CLASSES + 1);
    return sums;
  });
  const weightOf = (c: number) => cumulated[c]?.at(-1) as number;
  const next = (c: number) => (5 * c + 1) % CLASSES;
  const logTransition = (from: number, to: number) =>
    Math.log((to === next(from) ? FOLLOWS : 0) + (1 - FOLLOWS) / CLASSES);
  const logWithin = (word: number) => -Math.log((word + 1) * weightOf(word % CLASSES));

  const u = uniform(Key.fromSeed(seed), rows * sites * 3, "f64");
  const data = new Int32Array(rows * sites);
  for (let i = 0; i < data.length; i++) {
    const [a, b, c] = [u[3 * i], u[3 * i + 1], u[3 * i + 2]] as [number, number, number];
    const any = Math.floor(a * CLASSES);
    const kind = i % sites === 0 || b >= FOLLOWS ? any : next((data[i - 1] as number) % CLASSES);
    data[i] = kind + CLASSES * position(cumulated[kind] as Float64Array, c * weightOf(kind));
  }

  // Entropy of a word given its class, of the class of the next word, and of a word alone, in means over classes.
  let [within, alone] = [0, 0];
  for (let w = 0; w < words; w++) {
    const p = Math.exp(logWithin(w)) / CLASSES;
    within -= p * logWithin(w);
    alone -= p * Math.log(p);
  }
  let transition = 0;
  for (let to = 0; to < CLASSES; to++) {
    const l = logTransition(0, to);
    transition -= Math.exp(l) * l;
  }
  const name = `Markov text of ${words} words`;
  const space = { kind: "categorical", shape: [sites], states: words } as const;
  return {
    dataset: makeDataset({ arrays: { x: ndarray("i32", [rows, sites], data) } }, name, { space, seed }),
    entropy: Math.log(CLASSES) + (sites - 1) * transition + sites * within,
    independentEntropy: sites * alone,
    logProb(row) {
      let sum = -Math.log(CLASSES);
      for (let i = 0; i < row.length; i++) {
        const word = row[i] as number;
        sum += logWithin(word);
        if (i > 0) sum += logTransition((row[i - 1] as number) % CLASSES, word % CLASSES);
      }
      return sum;
    },
  };
}

/** The first place whose cumulated weight exceeds `at`. */
function position(sums: Float64Array, at: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] as number) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}
