import { sizeOf } from "../../array.ts";
import { inputError } from "../../error.ts";

/** The lattices there are: `square` is hypercubic in any dimension, `triangular` two-dimensional. */
export const latticeKinds = ["square", "triangular"] as const;

/** Name of a lattice. */
export type LatticeKind = (typeof latticeKinds)[number];

/**
 * A periodic lattice. Every site has one bond forward along each direction, so a lattice of N sites with d directions
 * has exactly dN bonds, each counted once: the axes for `square`; both axes and the diagonal (+1, +1) for
 * `triangular`, where each site has six neighbours. On a side of length 2 the bond forward and the bond back join the
 * same two sites and both count: the pair is coupled twice, as in Kaufman's formula.
 */
export interface Lattice {
  /** The bonds in addition to those along the axes. */
  readonly kind: LatticeKind;
  /** Sides, slowest-varying axis first. */
  readonly shape: readonly number[];
  /** Number of sites N. */
  readonly sites: number;
  /** The step forward in each direction, by axis: the axes first. */
  readonly directions: readonly (readonly number[])[];
  /** `[sites, 2 · directions]`: site forward and site backward along each direction in turn, the axes first. */
  readonly neighbours: Int32Array;
  /** `[directions · sites, 2]`: the two ends of each bond. */
  readonly bonds: Int32Array;
  /** Whether the sites fall into two halves with all bonds between them, so that no antiferromagnet is frustrated. */
  readonly bipartite: boolean;
}

/** Number of sites beyond which a lattice is refused: a row of spins should stay a small thing. */
const largest = 2 ** 24;

/**
 * The periodic lattice with the given sides.
 *
 * @param shape one to three sides, each a whole number of at least 2: `[64]` is a ring, `[8, 8]` a torus; two for
 * `triangular`.
 * @throws AnsatzError (input) when a side or the number of sides is out of range.
 */
export function periodicLattice(shape: readonly number[], kind: LatticeKind = "square"): Lattice {
  checkShape(shape, kind);
  const sites = sizeOf(shape);
  const directions = directionsOf(shape.length, kind);
  const neighbours = new Int32Array(sites * 2 * directions.length);
  const bonds = new Int32Array(sites * 2 * directions.length);
  directions.forEach((step, d) => {
    for (let site = 0; site < sites; site++) {
      const at = 2 * (site * directions.length + d);
      const forward = moved(site, shape, step, 1);
      neighbours[at] = forward;
      neighbours[at + 1] = moved(site, shape, step, -1);
      bonds[at] = site;
      bonds[at + 1] = forward;
    }
  });
  const bipartite = kind === "square" && shape.every((side) => side % 2 === 0);
  return { kind, shape: [...shape], sites, directions, neighbours, bonds, bipartite };
}

/** The steps forward, by axis. */
function directionsOf(axes: number, kind: LatticeKind): readonly (readonly number[])[] {
  const along = Array.from({ length: axes }, (_, d) =>
    Array.from({ length: axes }, (_, axis) => +(axis === d)),
  );
  return kind === "triangular" ? [...along, [1, 1]] : along;
}

/** The site that lies `sign` times `step` from a site, around the torus. */
function moved(site: number, shape: readonly number[], step: readonly number[], sign: 1 | -1): number {
  let result = 0;
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const side = shape[axis]!;
    const coordinate = Math.floor(site / stride) % side;
    result += ((coordinate + sign * step[axis]! + side) % side) * stride;
    stride *= side;
  }
  return result;
}

function checkShape(shape: readonly number[], kind: LatticeKind): void {
  const shown = shape.join("x");
  if (shape.length < 1 || shape.length > 3)
    throw inputError(`shape ${shown || "(empty)"}: a lattice has one to three sides, such as 64 or 8x8`);
  if (kind === "triangular" && shape.length !== 2)
    throw inputError(`shape ${shown}: a triangular lattice has two sides, such as 8x8`);
  for (const side of shape)
    if (!Number.isInteger(side) || side < 2)
      throw inputError(`shape ${shown}: a side is a whole number of at least 2, not ${side}`);
  if (sizeOf(shape) > largest) throw inputError(`shape ${shown}: more than ${largest} sites`);
}
