import type { NDArray } from "../../../../array.ts";
import { usageError } from "../../../../error.ts";
import { imageConvolution } from "../../../../nn/image-convolution.ts";
import { uniformInit, zerosInit } from "../../../../nn/init.ts";
import type { Key } from "../../../../random/key.ts";
import { add, silu, type Tensor } from "../../../../tensor/index.ts";
import { freshConvolution } from "../../latent/networks/convolution.ts";
import { halvings, patchGrid } from "./grid.ts";
import { doubled, groupNorm, halved, mixChannels } from "./images.ts";
import type { TimeNetwork } from "./network.ts";
import { type AttentionParameters, freshAttention } from "./self-attention.ts";
import { type TimeParameters, timeEmbedding } from "./time-embedding.ts";
import { applyAttention, applyBlock, type BlockParameters, freshBlock } from "./unet-block.ts";

/** Grids of at most so many places have attention. */
const ATTENTION_PLACES = 64;
/** Numbers of the largest images of a batch that are worth holding at once. */
const HELD = 2 ** 21;
/**
 * Patches along an axis of a periodic lattice, whose fields have structure down to single sites: on lognormal maps 16×16 sites as
 * places learned 1.7 times as much of what the Gaussian lacks as patches of 2 in equal time.
 */
const MOST_OF_LATTICE = 32;
/** The side of windows. */
const WINDOW = 3;

/** See {@link unet}. */
export interface UNetOptions {
  /** The family, for messages. */
  readonly family: string;
  /** `[n]`, `[h, w]` or `[h, w, colours]`. */
  readonly shape: readonly number[];
  /** Numbers of each site that it reads. */
  readonly inputs: number;
  /** Numbers of the context that is read, 0 for none. */
  readonly contextSize: number;
  /** Values beyond the edges: zeros, or the opposite side of a periodic lattice. */
  readonly padding: "zero" | "periodic";
  /** Channels of each level; each level has half the sides of the one before. See {@link unetChannels}. */
  readonly channels?: readonly number[] | undefined;
  /** The side of patches, which are the places of the first level. See {@link patchGrid}. */
  readonly patch?: number | undefined;
}

type Linear = { readonly weight: NDArray<"f32">; readonly bias: NDArray<"f32"> };

/** One level on the way down or up: a block and, on small grids, attention. */
type Stage = { readonly block: BlockParameters; readonly attention?: AttentionParameters };

/** Parameters of {@link unet}; lists go from the first level to the last. */
export type UNetParameters = {
  readonly time: TimeParameters;
  /** From patches to channels: `[channels, numbers of a patch, height, width]` and `[channels, 1, 1]`. */
  readonly stem: Linear;
  readonly down: readonly Stage[];
  /** Between levels: `[channels below, channels]` and back. */
  readonly steps: readonly { readonly narrow: NDArray<"f32">; readonly widen: NDArray<"f32"> }[];
  readonly up: readonly Stage[];
  /** From channels to patches, `[numbers of a patch, channels]` and `[numbers, 1, 1]`; zero at the start. */
  readonly head: Linear;
};

/**
 * Channels of the levels of a grid: 64, 96 and 128; 32 and 64 on grids of at most 8 places along each axis; 32, 64 and 96 on grids of
 * more than 16 that halve. Fewer levels where sides do not halve.
 */
export function unetChannels(grid: { readonly rows: number; readonly columns: number }): number[] {
  const side = Math.max(grid.rows, grid.columns);
  const times = halvings(grid);
  const widths = side <= 8 ? [32, 64] : side > 16 && times > 0 ? [32, 64, 96] : [64, 96, 128];
  return widths.slice(0, 1 + times);
}

/**
 * A U-Net (Ronneberger et al., arXiv:1505.04597; Ho et al., arXiv:2006.11239) on patches: residual blocks at each level, attention on
 * grids of at most 64 places, and skips that are added. On a periodic lattice it commutes with translations by the
 * patches of its last level. Throws AnsatzError (usage), naming the family, for sides that patches or levels do not divide.
 */
export function unet(options: UNetOptions): TimeNetwork<UNetParameters> {
  const { family, padding, contextSize, inputs } = options;
  const most = padding === "periodic" ? MOST_OF_LATTICE : undefined;
  const grid = patchGrid(family, options.shape, options.patch, most);
  const channels = options.channels ?? unetChannels(grid);
  const levels = 1 + halvings(grid);
  if (channels.length > levels)
    throw usageError(
      `${family}: ${grid.rows}x${grid.columns} patches halve ${levels - 1} times, so there are ${levels} levels at most, not ${channels.length}; take fewer channels`,
    );
  const window = [grid.rows > 1 ? WINDOW : 1, grid.columns > 1 ? WINDOW : 1] as const;
  const taps = window[0] * window[1];
  const first = channels[0] as number;
  const width = 2 * first;
  const embedding = timeEmbedding(width, contextSize);
  const side = (n: number, level: number) => (n > 1 ? n / 2 ** level : 1);
  const attends = (level: number) => side(grid.rows, level) * side(grid.columns, level) <= ATTENTION_PLACES;
  const stageCount = (c: number, level: number) =>
    2 * taps * c * c + 2 * c * (width + 1) + (attends(level) ? 4 * c * c : 0);
  const stage = (key: Key, level: number): Stage => {
    const c = channels[level] as number;
    return {
      block: freshBlock(key.fold(0), c, window, width),
      ...(attends(level) && { attention: freshAttention(key.fold(1), c) }),
    };
  };
  const between = channels.slice(1).map((below, level) => [channels[level] as number, below] as const);
  return {
    rowsAtOnce: Math.max(1, Math.floor(HELD / (grid.rows * grid.columns * first))),
    count:
      embedding.count +
      first * (taps * inputs * grid.depth + 1) +
      grid.depth * (first + 1) +
      channels.reduce((sum, c, level) => sum + 2 * stageCount(c, level), 0) +
      between.reduce((sum, [c, below]) => sum + 2 * c * below, 0),
    init(key) {
      const [timeKey, stemKey, downKey, stepKey, upKey] = key.split(5) as [Key, Key, Key, Key, Key];
      return {
        time: embedding.init(timeKey),
        stem: {
          weight: freshConvolution(stemKey, [first, inputs * grid.depth, ...window], false).weight,
          bias: zerosInit([first, 1, 1]),
        },
        down: channels.map((_, level) => stage(downKey.fold(level), level)),
        steps: between.map(([c, below], level) => {
          const [a, b] = stepKey.fold(level).split(2) as [Key, Key];
          return {
            narrow: uniformInit(a, [below, c], Math.sqrt(3 / c)),
            widen: uniformInit(b, [c, below], Math.sqrt(3 / below)),
          };
        }),
        up: channels.map((_, level) => stage(upKey.fold(level), level)),
        head: { weight: zerosInit([grid.depth, first]), bias: zerosInit([grid.depth, 1, 1]) },
      };
    },
    apply(p, z, time, context) {
      const told = embedding.apply(p.time, time, context);
      const pass = (x: Tensor, { block, attention }: (typeof p.down)[number]) => {
        const y = applyBlock(block, x, told, padding);
        return attention ? applyAttention(attention, y) : y;
      };
      const skips: Tensor[] = [];
      let x = add(imageConvolution(grid.split(z), p.stem.weight, padding), p.stem.bias);
      for (const [level, down] of p.down.entries()) {
        x = pass(x, down);
        const step = p.steps[level];
        if (!step) break;
        skips.push(x);
        x = mixChannels(halved(x), step.narrow);
      }
      for (const [level, up] of [...p.up.entries()].reverse()) {
        const step = p.steps[level];
        if (step) x = add(doubled(mixChannels(x, step.widen), padding), skips.pop() as Tensor);
        x = pass(x, up);
      }
      return grid.join(add(mixChannels(silu(groupNorm(x)), p.head.weight), p.head.bias));
    },
  };
}
