import {
  abs,
  add,
  arange,
  cast,
  equal,
  expandDims,
  floor,
  less,
  matmul,
  mean,
  mul,
  reshape,
  type SymbolicKey,
  sub,
  type Tensor,
  uniform,
} from "../../../tensor/index.ts";

/** What the discriminator's images may be changed by. */
export const augmentations = ["colour", "translation", "cutout"] as const;

/** The name of one. */
export type Augmentation = (typeof augmentations)[number];

/** The share of a side that an image is moved by at most, and of which a square is cut out. */
const [MOVED, CUT] = [1 / 8, 1 / 2];

type Change = (image: Tensor, key: SymbolicKey, padding: "zero" | "periodic") => Tensor;

/** Uniform numbers, one an image, `[batch]`. */
const each = (image: Tensor, key: SymbolicKey) =>
  uniform(key, [image.shape[0] as number], image.dtype as "f32");
const overPixels = (t: Tensor) => expandDims(expandDims(expandDims(t, -1), -1), -1);

/** Brightness by up to ±½, and contrast by a factor from ½ to 3⁄2. */
const colour: Change = (image, key) => {
  const brighter = add(image, overPixels(sub(each(image, key.fold(0)), 0.5)));
  const middle = mean(brighter, [1, 2, 3], true);
  return add(middle, mul(sub(brighter, middle), overPixels(add(each(image, key.fold(1)), 0.5))));
};

/** A matrix for each image that moves rows by whole numbers `by`, `[batch, side, side]`. */
function shifts(by: Tensor, side: number, padding: "zero" | "periodic"): Tensor {
  const to = reshape(arange(side, by.dtype as "f32"), [1, side, 1]);
  const from = reshape(arange(side, by.dtype as "f32"), [1, 1, side]);
  const moved = add(from, reshape(by, [by.shape[0] as number, 1, 1]));
  const around = padding === "periodic" ? sub(moved, mul(floor(mul(moved, 1 / side)), side)) : moved;
  return cast(equal(to, around), by.dtype);
}

/** By up to an eighth of each side; beyond the edges zeros, or the other side of a periodic lattice. */
const translation: Change = (image, key, padding) => {
  const [, , height, width] = image.shape as [number, number, number, number];
  const by = (side: number, at: number) => {
    const most = Math.floor(side * MOVED + 0.5);
    return floor(sub(mul(each(image, key.fold(at)), 2 * most + 1), most));
  };
  const batch = image.shape[0] as number;
  const square = (side: number, at: number) =>
    reshape(shifts(by(side, at), side, padding), [batch, 1, side, side]);
  // Rows from the left, columns by the transposed matrix: of the opposite shift, which is as probable.
  return matmul(matmul(square(height, 0), image), square(width, 1));
};

/** A square of half the sides at any place, set to zero. */
const cutout: Change = (image, key) => {
  const [batch, , height, width] = image.shape as [number, number, number, number];
  const inside = (side: number, at: number) => {
    const middle = floor(mul(each(image, key.fold(at)), side));
    const away = abs(
      sub(reshape(arange(side, image.dtype as "f32"), [1, side]), reshape(middle, [batch, 1])),
    );
    return cast(less(away, (side * CUT) / 2), image.dtype);
  };
  const cut = mul(
    reshape(inside(height, 0), [batch, 1, height, 1]),
    reshape(inside(width, 1), [batch, 1, 1, width]),
  );
  return mul(image, sub(1, cut));
};

const changes: Readonly<Record<Augmentation, Change>> = { colour, translation, cutout };

/**
 * Images `[batch, colours, height, width]` as the discriminator sees them, of data and generated ones alike, each changed at random
 * and with a gradient through the change (Zhao et al., arXiv:2006.10738).
 */
export const augmented = (
  image: Tensor,
  key: SymbolicKey,
  names: readonly Augmentation[],
  padding: "zero" | "periodic",
): Tensor =>
  names.reduce(
    (changed, name) => changes[name](changed, key.fold(augmentations.indexOf(name)), padding),
    image,
  );
