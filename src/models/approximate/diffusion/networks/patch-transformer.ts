import { arrayFrom, type NDArray } from "../../../../array.ts";
import { uniformInit, zerosInit } from "../../../../nn/init.ts";
import type { Key } from "../../../../random/key.ts";
import {
  add,
  matmul,
  mul,
  reshape,
  silu,
  slice,
  standardize,
  type Tensor,
  transpose,
} from "../../../../tensor/index.ts";
import type { Symbolic } from "../../../contract.ts";
import { type PatchGrid, patchGrid } from "./grid.ts";
import type { TimeNetwork } from "./network.ts";
import { type AttentionParameters, freshAttention, selfAttention } from "./self-attention.ts";
import { type TimeParameters, timeEmbedding } from "./time-embedding.ts";

/** Numbers of one layer of a batch that are worth holding at once. */
const HELD = 2 ** 21;

/** See {@link patchTransformer}. */
export interface PatchTransformerOptions {
  /** The family, for messages. */
  readonly family: string;
  /** `[n]`, `[h, w]` or `[h, w, colours]`. */
  readonly shape: readonly number[];
  /** Numbers of each site that it reads. */
  readonly inputs: number;
  /** Numbers of the context that is read, 0 for none. */
  readonly contextSize: number;
  /** Whether the lattice is periodic, so that the waves of positions start with close on it. */
  readonly padding: "zero" | "periodic";
  /** Width of a token. */
  readonly width: number;
  /** Layers of attention and a network. */
  readonly layers: number;
  /** The side of patches. See {@link patchGrid}. */
  readonly patch?: number | undefined;
}

type Linear = { readonly weight: NDArray<"f32">; readonly bias: NDArray<"f32"> };

/** A layer: attention, then a network of each token. */
type Layer = {
  readonly attention: AttentionParameters;
  readonly hidden: Linear;
  /** `[4 · width, width]`. */
  readonly back: NDArray<"f32">;
  /** `[width, 6 · width]`: scale, shift and gate of both halves from time and context; zero at the start, which closes the gates. */
  readonly modulation: Linear;
};

/** Parameters of {@link patchTransformer}. */
export type PatchTransformerParameters = {
  readonly time: TimeParameters;
  /** `[numbers of a patch, width]`. */
  readonly stem: Linear;
  /** `[patches, width]`: learned, from waves along both axes. */
  readonly positions: NDArray<"f32">;
  readonly layers: readonly Layer[];
  /** `[width, numbers of a patch]`; zero at the start. */
  readonly head: Linear;
};

const linear = (key: Key, inputs: number, outputs: number): Linear => ({
  weight: uniformInit(key, [inputs, outputs], Math.sqrt(3 / inputs)),
  bias: zerosInit([outputs]),
});
const zeroLinear = (inputs: number, outputs: number): Linear => ({
  weight: zerosInit([inputs, outputs]),
  bias: zerosInit([outputs]),
});
const applied = (x: Tensor, { weight, bias }: Symbolic<Linear>) => add(matmul(x, weight), bias);

/**
 * Waves along the axes by which places can be told apart, `[patches, width]`: a quarter of the width each is sines and cosines along
 * rows and along columns, of 1, 2, 3, … periods on a periodic lattice and of half as many on one with edges.
 */
function waves({ rows, columns }: PatchGrid, width: number, padding: "zero" | "periodic"): NDArray<"f32"> {
  const of = (place: number, side: number, number: number) => {
    const periods = (Math.floor(number / 2) + 1) * (padding === "periodic" ? 1 : 1 / 2);
    const angle = (2 * Math.PI * periods * (padding === "periodic" ? place : place + 1 / 2)) / side;
    return number % 2 === 0 ? Math.cos(angle) : Math.sin(angle);
  };
  const half = Math.ceil(width / 2);
  const entries = Array.from({ length: rows * columns * width }, (_, i) => {
    const [place, j] = [Math.floor(i / width), i % width];
    return j < half ? of(Math.floor(place / columns), rows, j) : of(place % columns, columns, j - half);
  });
  return arrayFrom("f32", [rows * columns, width], entries);
}

/**
 * A transformer of patches, each of which looks at all, whose layers are scaled, shifted and gated by time and context (Peebles & Xie,
 * arXiv:2212.09748, adaLN-Zero). Its places are learned, so that it does not commute with translations. Throws AnsatzError
 * (usage), naming the family, for sides that patches do not divide.
 */
export function patchTransformer(options: PatchTransformerOptions): TimeNetwork<PatchTransformerParameters> {
  const { family, width, layers, inputs, contextSize, padding } = options;
  const grid = patchGrid(family, options.shape, options.patch);
  const places = grid.rows * grid.columns;
  const depth = inputs * grid.depth;
  const embedding = timeEmbedding(width, contextSize);
  const layer = (key: Key): Layer => {
    const [a, b, c] = key.split(3) as [Key, Key, Key];
    return {
      attention: freshAttention(a, width, "random"),
      hidden: linear(b, width, 4 * width),
      back: uniformInit(c, [4 * width, width], Math.sqrt(3 / (4 * width))),
      modulation: zeroLinear(width, 6 * width),
    };
  };
  return {
    // Hidden layers are four times as wide as tokens.
    rowsAtOnce: Math.max(1, Math.floor(HELD / (4 * places * width))),
    count:
      embedding.count +
      (depth + 1 + places) * width +
      layers * ((4 + 8 + 6) * width * width + (4 + 6) * width) +
      (width + 1) * grid.depth,
    init(key) {
      const [timeKey, stemKey, layerKey] = key.split(3) as [Key, Key, Key];
      return {
        time: embedding.init(timeKey),
        stem: linear(stemKey, depth, width),
        positions: waves(grid, width, padding),
        layers: Array.from({ length: layers }, (_, i) => layer(layerKey.fold(i))),
        head: zeroLinear(width, grid.depth),
      };
    },
    apply(p, z, time, context) {
      const told = embedding.apply(p.time, time, context);
      const batch = z.shape[0] as number;
      const tokens = transpose(reshape(grid.split(z), [batch, depth, places]), [0, 2, 1]);
      let x = add(applied(tokens, p.stem), p.positions);
      for (const { attention, hidden, back, modulation } of p.layers) {
        const numbers = reshape(applied(told, modulation), [batch, 1, 6 * width]);
        const part = (i: number) => slice(numbers, 2, i * width, (i + 1) * width);
        const modulated = (i: number) => add(mul(standardize(x), add(part(i), 1)), part(i + 1));
        x = add(x, mul(part(2), selfAttention(attention, modulated(0))));
        x = add(x, mul(part(5), matmul(silu(applied(modulated(3), hidden)), back)));
      }
      const out = applied(standardize(x), p.head);
      return grid.join(reshape(transpose(out, [0, 2, 1]), [batch, grid.depth, grid.rows, grid.columns]));
    },
  };
}
