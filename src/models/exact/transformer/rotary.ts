import { arrayFrom, type NDArray } from "../../../array.ts";
import { type Space, siteShape } from "../../../data/space.ts";

/** The slowest of a head's rotations turns by 1/BASE of the fastest. */
const BASE = 100;

/** Angles of every site for the pairs of one head, as cosines and sines. */
export interface Rotations<D extends "f32" | "f64" = "f32" | "f64"> {
  /** `[sites + 1, width of a head]`; the last row, of no site, turns nothing. */
  readonly cos: NDArray<D>;
  readonly sin: NDArray<D>;
}

/**
 * Rotary positions (Su et al., arXiv:2104.09864) along each axis of a lattice: the pairs of a head are dealt out to the
 * axes, and pair j of an axis turns by the coordinate times BASE^(−j / pairs). The product of a turned query with a turned
 * key then depends on the displacement between their sites. The last number of an odd width is not turned.
 */
export function rotations<D extends "f32" | "f64">(space: Space, width: number, dtype: D): Rotations<D> {
  const shape = siteShape(space);
  const n = shape.reduce((a, b) => a * b, 1);
  const pairs = Math.floor(width / 2);
  const perAxis = Math.ceil(pairs / shape.length);
  const angles = new Float64Array((n + 1) * width);
  for (let site = 0; site < n; site++) {
    let rest = site;
    const coordinates = shape.toReversed().map((size) => {
      const c = rest % size;
      rest = Math.floor(rest / size);
      return c;
    });
    for (let pair = 0; pair < pairs; pair++) {
      // Axes take turns, so that each has slow and fast rotations whatever the number of pairs.
      const c = coordinates[pair % shape.length] as number;
      const angle = c * BASE ** (-Math.floor(pair / shape.length) / perAxis);
      angles.fill(angle, site * width + 2 * pair, site * width + 2 * pair + 2);
    }
  }
  const table = (f: (x: number) => number) => arrayFrom(dtype, [n + 1, width], angles.map(f));
  return { cos: table(Math.cos), sin: table(Math.sin) };
}

/**
 * The matrix `[heads · width, heads · width]` that turns each pair by a quarter: (a, b) → (−b, a). With it a rotation is
 * x cos + (x R) sin, and x R comes out of the product that makes x.
 */
export function quarterTurn(heads: number, width: number, dtype: "f32" | "f64"): NDArray<"f32" | "f64"> {
  const size = heads * width;
  const data = new Float64Array(size * size);
  for (let head = 0; head < heads; head++)
    for (let i = head * width; i + 1 < (head + 1) * width; i += 2) {
      data[(i + 1) * size + i] = -1;
      data[i * size + i + 1] = 1;
    }
  return arrayFrom(dtype, [size, size], data);
}
