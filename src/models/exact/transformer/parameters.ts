import type { NDArray } from "../../../array.ts";
import { uniformInit, zerosInit } from "../../../nn/init.ts";
import type { Key } from "../../../random/key.ts";
import { vocabularyTable } from "../autoregressive/vocabulary.ts";
import type { Sizes, TransformerHyperparameters } from "./options.ts";

type Real = NDArray<"f32">;

/** One layer: attention, then an MLP. Weights are `[inputs, outputs]`. */
export type Layer = {
  /** `[width, 3 · width]`: queries, keys and values. */
  readonly attention: Real;
  /** `[width, width]`. */
  readonly output: Real;
  readonly hidden: { readonly weight: Real; readonly bias: Real };
  /** `[hidden, width]`. */
  readonly back: Real;
};

/** Parameters of a transformer: embeddings, then blocks of attention and a network, then the output. */
export type TransformerParameters = {
  /**
   * `[states + 1, width]`: a row a value, for input and output; the last is the token before the first site. Where states
   * are sampled `[states, width + 1]`: the last column is the bias.
   */
  readonly embedding: Real;
  /** `[width]`: the token before the first site, where states are sampled. */
  readonly start?: Real;
  /** `[states]`, or `[1]` of binary sites: added to the logits, where states are not sampled. */
  readonly bias?: Real;
  /** `[width]`: scales the last activations before the product with the embedding. */
  readonly gain: Real;
  /** `[sites, width]`: the site to be predicted. */
  readonly target?: Real;
  /** `[sites + 1, width]`: the site of the value that a token holds; the last row means none. */
  readonly held?: Real;
  /** Blocks of attention and a network, in the order they act. */
  readonly layers: readonly Layer[];
  /** `[contextSize, width]`: added to every token. */
  readonly context?: Real;
  /** `[features of a site, width]` each: added to the token that predicts a site, and to the next one, which holds its value. */
  readonly siteContext?: { readonly target: Real; readonly held: Real };
};

/** Fresh parameters: each sum starts with variance 1, and what layers add to their input is small. */
export function initial(
  key: Key,
  h: TransformerHyperparameters,
  { sites, states, width, hidden }: Sizes,
  binary: boolean,
  contextSize: number,
): TransformerParameters {
  const rows = (i: number, count: number) => uniformInit(key.fold(i), [count, width], Math.sqrt(3 / width));
  const weight = (k: Key, inputs: number, outputs: number, scale = 1) =>
    uniformInit(k, [inputs, outputs], scale * Math.sqrt(3 / inputs));
  const depth = 1 / Math.sqrt(2 * h.layers);
  const learned = h.positions !== "rotary";
  const [tableKey, startKey] = key.fold(4 + h.layers).split(2) as [Key, Key];
  return {
    ...(h.negatives > 0
      ? {
          embedding: vocabularyTable(tableKey, states, width),
          start: uniformInit(startKey, [width], Math.sqrt(3 / width)),
        }
      : { embedding: rows(0, states + 1), bias: zerosInit([binary ? 1 : states]) }),
    gain: { dtype: "f32", shape: [width], data: new Float32Array(width).fill(1) },
    ...(learned ? { target: rows(1, sites) } : {}),
    ...(learned && h.anyOrder ? { held: rows(2, sites + 1) } : {}),
    layers: Array.from({ length: h.layers }, (_, i) => {
      const [a, b, c, d] = key.fold(4 + i).split(4) as [Key, Key, Key, Key];
      return {
        attention: weight(a, width, 3 * width),
        output: weight(b, width, width, depth),
        hidden: { weight: weight(c, width, hidden), bias: zerosInit([hidden]) },
        back: weight(d, hidden, width, depth),
      };
    }),
    ...(contextSize > 0 && !h.siteContext ? { context: weight(key.fold(3), contextSize, width) } : {}),
    ...(h.siteContext
      ? {
          siteContext: {
            target: weight(key.fold(3).fold(0), contextSize / sites, width),
            held: weight(key.fold(3).fold(1), contextSize / sites, width),
          },
        }
      : {}),
  };
}

/** The number of entries of {@link initial}. */
export function countParameters(
  h: TransformerHyperparameters,
  { sites, states, width, hidden }: Sizes,
  binary: boolean,
  contextSize: number,
): number {
  const places = h.positions !== "rotary" ? sites + (h.anyOrder ? sites + 1 : 0) : 0;
  const layer = 4 * width * width + 2 * width * hidden + hidden;
  // As many where states are sampled: a bias is then a column of the embedding.
  const inputs = h.siteContext ? (2 * contextSize) / sites : contextSize;
  return (states + 2 + places + inputs) * width + (binary ? 1 : states) + h.layers * layer;
}
