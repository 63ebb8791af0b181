import { type Space, siteShape } from "../../../../data/space.ts";
import { usageError } from "../../../../error.ts";
import { Key } from "../../../../random/key.ts";
import { permutation } from "../../../../random/permutation.ts";
import { type Bijection, erased } from "../bijection.ts";
import { activationNormalisation } from "../bijections/activation-normalisation.ts";
import { chain } from "../bijections/chain.ts";
import { coupling } from "../bijections/coupling.ts";
import { invertibleLinear } from "../bijections/invertible-linear.ts";
import { squeezing } from "../bijections/squeezing.ts";
import type { MakeConditioner } from "../conditioner.ts";
import { halves } from "../partitions/first-axis.ts";
import type { Transform } from "../transform.ts";

/** Maximum default number of levels. */
const mostLevels = 3;

/** The image of a space: its sides, and the numbers a pixel has. */
export interface Image {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** The image of a space; throws AnsatzError (usage), naming the family, for shapes that are no image. */
export function imageOf(family: string, space: Space): Image {
  const shape = siteShape(space);
  if (shape.length !== 2 && shape.length !== 3)
    throw usageError(
      `${family} takes images, of shape height x width or height x width x channels, not ${shape.join("x")}`,
    );
  const [height, width, channels = 1] = shape as [number, number, number?];
  return { channels, height, width };
}

/**
 * Returns how often an image is squeezed: `asked` times, or if that is 0 as often as its sides can be halved,
 * at most three times. Throws AnsatzError (usage) if a side cannot be halved that often.
 */
export function levelsOf({ height, width }: Image, asked: number): number {
  const halvings = (side: number) => {
    let count = 0;
    for (let n = side; n % 2 === 0; n /= 2) count++;
    return count;
  };
  const possible = Math.min(halvings(height), halvings(width));
  const sides = `${height}x${width}`;
  if (possible === 0)
    throw usageError(
      `glow halves both sides at each level, and ${sides} has an odd one; pad or crop the data`,
    );
  if (asked > possible)
    throw usageError(
      `glow halves both sides at each level, and those of ${sides} cannot be halved ${asked} times; take levels=${possible}`,
    );
  return asked || Math.min(possible, mostLevels);
}

/** What every level is made of. */
export interface LevelOptions {
  readonly levels: number;
  /** Steps of flow at each level. */
  readonly steps: number;
  readonly permutationSeed: number;
  readonly transform: Transform;
  readonly conditioner: MakeConditioner;
}

/**
 * The levels of a Glow, the one next to the data first. Seen from the data, a level squeezes and takes `steps` steps, each
 * an activation normalisation, a 1 × 1 convolution and a coupling; at the end of all but the last, the half that leaves is
 * moved and scaled by the half that stays, which makes its prior conditional (Kingma & Dhariwal, arXiv:1807.03039, figure 2).
 */
export function glowLevels(image: Image, options: LevelOptions): Bijection[] {
  const { levels, steps, permutationSeed, transform, conditioner } = options;
  const key = Key.fromSeed(permutationSeed);
  let shape: readonly number[] = [image.channels, image.height, image.width];
  return Array.from({ length: levels }, (_, level) => {
    const squeezed = squeezing(shape);
    const inner = squeezed.latentShape;
    const [channels, ...places] = inner as [number, number, number];
    const couple = () => coupling({ partition: halves(inner, "first"), transform, conditioner }) as Bijection;
    const step = (i: number): Bijection[] => [
      couple(),
      erased(invertibleLinear(inner, permutation(key.fold(level).fold(i), channels))),
      erased(activationNormalisation(inner)),
    ];
    const order = Array.from({ length: steps }, (_, i) => steps - 1 - i);
    const prior = level < levels - 1 ? [couple()] : [];
    shape = [channels / 2, ...places];
    return erased(chain([...prior, ...order.flatMap(step), squeezed as Bijection]));
  });
}

/**
 * Returns the number of parameters of {@link glowLevels}, where a network from k channels to 2 k has
 * `network(k, 2 k)`.
 */
export function levelsCount(
  { channels }: Image,
  { levels, steps }: Pick<LevelOptions, "levels" | "steps">,
  network: (inputs: number, outputs: number) => number,
): number {
  let count = 0;
  let c = channels;
  for (let level = 0; level < levels; level++) {
    c *= 4;
    const couplings = steps + (level < levels - 1 ? 1 : 0);
    count += couplings * network(c / 2, c) + steps * (2 * c * c + c + 2 * c);
    c /= 2;
  }
  return count;
}
