import { usageError } from "../../../../error.ts";
import { reshape, type Tensor, transpose } from "../../../../tensor/index.ts";

/** What convolutional players are built from. */
export interface ConvolutionalSetup {
  /** Sides of a row: sites of a chain, an image, or an image of several colours. */
  readonly shape: readonly number[];
  /** Channels at each level, the largest image first. */
  readonly channels: readonly number[];
  /** Side of the windows, odd. */
  readonly kernel: number;
  /** Pixels along each side that are channels of one at the largest level; 0 chooses. */
  readonly patch: number;
}

/** Height and width of the image of a level, and the factors between it and the next one. */
export interface Level {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Factors by which the next level is smaller; 1 and 1 at the last. */
  readonly steps: readonly [number, number];
}

/** The plan of a convolutional player. */
export interface Levels {
  /** From the largest image to the smallest. */
  readonly levels: readonly Level[];
  /** Pixels of a patch, down and across. */
  readonly patch: readonly [number, number];
  readonly height: number;
  readonly width: number;
  readonly colours: number;
}

/** From this side on, the first level is of patches of 2 × 2 pixels, which cost a quarter. */
const LARGE = 24;

/** The step along a side: 2 where it halves evenly and something is left. */
const stepOf = (side: number) => (side % 2 === 0 && side > 2 ? 2 : 1);

/** The levels of rows of a shape. Throws AnsatzError (usage), naming the family, for more than two axes and colours. */
export function levelsOf(family: string, { shape, channels, kernel, patch }: ConvolutionalSetup): Levels {
  if (shape.length > 3)
    throw usageError(`${family}: convolutions are over one or two axes, and colours; take network=dense`);
  const [height, width, colours] = (shape.length === 1 ? [1, shape[0], 1] : [...shape, 1]) as [
    number,
    number,
    number,
  ];
  const side = Math.min(...[height, width].filter((n) => n > 1), LARGE);
  const wanted = patch || (side >= LARGE && height % 2 === 0 && width % 2 === 0 ? 2 : 1);
  const patchOf = (n: number) => (n === 1 ? 1 : wanted);
  if (height % patchOf(height) !== 0 || width % patchOf(width) !== 0)
    throw usageError(
      `${family}: patches of ${wanted} pixels do not fit into ${height}x${width}; take patch=1`,
    );
  const [down, across] = [patchOf(height), patchOf(width)];
  let [h, w] = [height / down, width / across];
  const levels = channels.map((own, i): Level => {
    const steps = i < channels.length - 1 ? ([stepOf(h), stepOf(w)] as const) : ([1, 1] as const);
    const level = { height: h, width: w, channels: own, steps };
    if ((kernel - 1) / 2 > Math.min(...[h, w].filter((n) => n > 1), kernel))
      throw usageError(
        `${family}: a window of ${kernel} goes more than once around ${h}x${w} sites; take fewer channels or a smaller kernel`,
      );
    [h, w] = [h / steps[0], w / steps[1]];
    return level;
  });
  return { levels, patch: [down, across], height, width, colours };
}

/** The window at a level: along an axis of one site, one. */
export const windowOf = ({ height, width }: Pick<Level, "height" | "width">, kernel: number) =>
  [height === 1 ? 1 : kernel, width === 1 ? 1 : kernel] as [number, number];

/** Numbers of sites `[batch, sites, features]` as an image `[batch, colours · features, height, width]`. */
export function imageOf(read: Tensor, { height, width, colours }: Levels): Tensor {
  const [batch, , features] = read.shape as [number, number, number];
  return transpose(reshape(read, [batch, height, width, colours * features]), [0, 3, 1, 2]);
}

/** The inverse of {@link imageOf}. */
export function sitesOf(image: Tensor, { height, width, colours }: Levels): Tensor {
  const [batch, channels] = image.shape as [number, number];
  const features = channels / colours;
  return reshape(transpose(image, [0, 2, 3, 1]), [batch, height * width * colours, features]);
}

/** Pixels of a patch as channels of one. */
export function folded(x: Tensor, [down, across]: readonly [number, number]): Tensor {
  const [batch, c, h, w] = x.shape as [number, number, number, number];
  if (down * across === 1) return x;
  const parts = reshape(x, [batch, c, h / down, down, w / across, across]);
  return reshape(transpose(parts, [0, 1, 3, 5, 2, 4]), [batch, c * down * across, h / down, w / across]);
}

/** The inverse of {@link folded}. */
export function unfolded(x: Tensor, [down, across]: readonly [number, number]): Tensor {
  const [batch, c, h, w] = x.shape as [number, number, number, number];
  if (down * across === 1) return x;
  const channels = c / (down * across);
  const parts = reshape(x, [batch, channels, down, across, h, w]);
  return reshape(transpose(parts, [0, 1, 4, 2, 5, 3]), [batch, channels, h * down, w * across]);
}
