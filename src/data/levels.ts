import type { Key } from "../random/key.ts";
import { uniform } from "../random/uniform.ts";

/**
 * Maximum number of levels: their numbers in single precision still resolve noise finer than a hundredth of a
 * level.
 */
export const mostLevels = 65_536;

/**
 * Uniform dequantisation, in place: level k, or any number it stood for before, becomes a number between k and k + 1, as
 * likely anywhere. Log P of a level is then at least the mean log-density of its numbers (Theis, van den Oord & Bethge,
 * arXiv:1511.01844, section 3.1). The noise is on a grid that single precision holds exactly, so that no sum reaches k + 1.
 */
export function addLevelNoise(values: Float32Array, levels: number, key: Key): void {
  const cells = 2 ** Math.min(16, 23 - Math.ceil(Math.log2(levels)));
  const noise = uniform(key, values.length, "f32");
  for (let i = 0; i < values.length; i++)
    values[i] = Math.floor(values[i] as number) + (Math.floor((noise[i] as number) * cells) + 0.5) / cells;
}

/** The largest single-precision number below `levels`: an upper end that belongs to the last level. */
export const belowLevels = (levels: number): number => levels * (1 - 2 ** -24);
