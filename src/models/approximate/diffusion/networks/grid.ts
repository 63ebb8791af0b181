import { usageError } from "../../../../error.ts";
import { reshape, type Tensor, transpose } from "../../../../tensor/index.ts";

/** Patches at most so many along an axis, where the sides allow, unless more are asked for. */
const MOST_PATCHES = 16;

/** Sites of a picture or a lattice as patches: every patch of `step` pixels is one place of a grid, its pixels are channels. */
export interface PatchGrid {
  /** Patches along each axis; the first is 1 on a chain. */
  readonly rows: number;
  readonly columns: number;
  /** Pixels of a patch along each axis. */
  readonly step: readonly [rows: number, columns: number];
  /** Colours of a pixel, 1 for a field. */
  readonly colours: number;
  /** Numbers of a patch for one number of each site. */
  readonly depth: number;
  /** `[batch, ...sites, k]` as `[batch, k · depth, rows, columns]`. */
  split(z: Tensor): Tensor;
  /** `[batch, depth, rows, columns]` as `[batch, ...sites]`. */
  join(image: Tensor): Tensor;
}

/**
 * The grid of a chain `[n]`, a lattice or picture `[h, w]` or a picture with colours `[h, w, c]`. Without a stated side `patch` of patches
 * it is the smallest that divides both sides and leaves at most `most` patches along each (16 unless given); failing that, the largest that divides them.
 * Throws AnsatzError (usage), naming the family, for other shapes and a patch that does not divide the sides.
 */
export function patchGrid(
  family: string,
  shape: readonly number[],
  patch?: number,
  most = MOST_PATCHES,
): PatchGrid {
  if (shape.length < 1 || shape.length > 3)
    throw usageError(`${family}: networks of pictures take one or two axes, and colours; take network=mlp`);
  const [height, width, colours] = (shape.length === 1 ? [1, shape[0], 1] : [...shape, 1]) as [
    number,
    number,
    number,
  ];
  const sides = [height, width].filter((side) => side > 1);
  const divides = (p: number) => sides.every((side) => side % p === 0);
  const fitting = [1, 2, 4, 8].filter(divides);
  const size =
    patch ?? fitting.find((p) => sides.every((side) => side / p <= most)) ?? (fitting.at(-1) as number);
  if (!divides(size))
    throw usageError(`${family}: patches of ${size} do not divide ${shape.join("x")} sites; take patch=1`);
  const step = [height > 1 ? size : 1, width > 1 ? size : 1] as const;
  const [rows, columns] = [height / step[0], width / step[1]];
  const depth = colours * step[0] * step[1];
  return {
    ...{ rows, columns, step, colours, depth },
    split(z) {
      const [batch, k] = [z.shape[0] as number, z.shape.at(-1) as number];
      const apart = reshape(z, [batch, rows, step[0], columns, step[1], colours * k]);
      return reshape(transpose(apart, [0, 5, 2, 4, 1, 3]), [batch, k * depth, rows, columns]);
    },
    join(image) {
      const batch = image.shape[0] as number;
      const apart = reshape(image, [batch, colours, ...step, rows, columns]);
      return reshape(transpose(apart, [0, 4, 2, 5, 3, 1]), [batch, ...shape]);
    },
  };
}

/** How many times a grid can be halved: both sides even where they are more than one, and at least two patches left. */
export function halvings({ rows, columns }: Pick<PatchGrid, "rows" | "columns">): number {
  let [r, c, count] = [rows, columns, 0];
  const even = (side: number) => side === 1 || (side % 2 === 0 && side > 2);
  while (r * c > 1 && even(r) && even(c)) {
    [r, c] = [Math.max(1, r / 2), Math.max(1, c / 2)];
    count++;
  }
  return count;
}
