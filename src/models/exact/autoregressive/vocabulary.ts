import * as z from "zod";
import type { NDArray } from "../../../array.ts";
import { type Space, sites } from "../../../data/space.ts";
import { usageError } from "../../../error.ts";
import {
  chunkedDraw,
  chunkedLogProb,
  defaultChunk,
  sampledSoftmaxLoss,
  uniformInit,
} from "../../../nn/index.ts";
import type { Key } from "../../../random/key.ts";
import {
  concat,
  gather,
  ones,
  reshape,
  type SymbolicKey,
  slice,
  type Tensor,
} from "../../../tensor/index.ts";
import { elements } from "../../../tensor/shape.ts";
import type { Parameters, Symbolic } from "../../contract.ts";
import type { Head } from "./head.ts";

/** Above this many states training samples them. */
const manyStates = 5000;
/** Default number of states drawn per step. */
const usualNegatives = 1024;
/** Logits of one configuration in a block, at most: 1,000 configurations are scored at once. */
const blockLogits = 8192;

/** Hyperparameters of a family that models large vocabularies; its schema spreads them. */
export const vocabularyHyperparameters = {
  /** States sampled a step to train the softmax; 0 sums over all; null: 1024 above 5000 states (default null). */
  negatives: z
    .int()
    .min(0)
    .max(1_000_000)
    .nullable()
    .default(null)
    .describe(
      "states sampled per training step for the softmax; 0: sum over all, null: 1024 above 5000 states",
    ),
} as const;

/**
 * Returns the number of states that a training step samples: `negatives`, or if it is null 0 (the full
 * softmax) up to 5,000 states and 1,024 above. Throws AnsatzError (usage) if sites are not categorical and
 * negatives are requested.
 */
export function negativesFor(space: Space, negatives: number | null): number {
  if (space.kind === "categorical") return negatives ?? (space.states > manyStates ? usualNegatives : 0);
  if (negatives) throw usageError("negatives are states of categorical sites; this space has none");
  return 0;
}

/**
 * Input and output of a family over a large vocabulary: one table `[states, width + 1]`, row-sparse. Its rows
 * embed the values of sites and, read as columns, make the logits; its last column is the bias. The network's
 * outputs of a site are its features, `[..., width]`.
 */
export interface Vocabulary<P extends Parameters> {
  /** Exact log-probabilities and draws by blocks of states, in memory that does not depend on their number. */
  readonly head: Head<P>;
  /** Rows of the table for values, `[...]` i32 → `[..., width]`. */
  embed(p: Symbolic<P>, values: Tensor): Tensor;
  /**
   * The sampled estimate of −log P of values `x: [...]` from features `[..., width]` that training minimises, `[...]` in
   * nats; see `sampledSoftmaxLoss`. The same drawn states serve all sites of the batch.
   */
  loss(p: Symbolic<P>, features: Tensor, x: Tensor, key: SymbolicKey): Tensor;
}

/** Returns the {@link Vocabulary} of a categorical space; `tableOf` picks the table among the parameters. */
export function vocabulary<P extends Parameters>(
  space: Space,
  negatives: number,
  tableOf: (p: Symbolic<P>) => Tensor,
): Vocabulary<P> {
  const n = sites(space);
  /** At least two blocks, so that few states go the way of many. */
  const chunkOf = (table: Tensor) =>
    Math.max(
      1,
      Math.min(
        defaultChunk,
        Math.ceil((table.shape[0] as number) / 2),
        Math.max(32, Math.floor(blockLogits / n)),
      ),
    );
  /** Features `[rows, width + 1]` with 1 in the last column, to multiply the bias. */
  const flat = (features: Tensor) => {
    const width = features.shape.at(-1) as number;
    const rows = elements(features.shape.slice(0, -1));
    return concat([reshape(features, [rows, width]), ones([rows, 1], features.dtype)], 1);
  };
  const list = (x: Tensor) => reshape(x, [elements(x.shape)]);
  return {
    head: {
      uniforms: 2,
      logProb(p, features, x) {
        const table = tableOf(p);
        return reshape(chunkedLogProb(flat(features), table, list(x), chunkOf(table)), x.shape);
      },
      draw(p, features, u, temperature) {
        const table = tableOf(p);
        return chunkedDraw(flat(features), table, u, chunkOf(table), temperature);
      },
    },
    embed(p, values) {
      const rows = gather(tableOf(p), values);
      return slice(rows, -1, 0, (rows.shape.at(-1) as number) - 1);
    },
    loss: (p, features, x, key) =>
      reshape(sampledSoftmaxLoss(flat(features), tableOf(p), list(x), key, negatives), x.shape),
  };
}

/** A fresh table: embeddings uniform with variance 1/width, biases 0. */
export function vocabularyTable(key: Key, states: number, width: number): NDArray<"f32"> {
  const table = uniformInit(key, [states, width + 1], Math.sqrt(3 / width));
  for (let at = width; at < table.data.length; at += width + 1) table.data[at] = 0;
  return table;
}
