import { sizeOf } from "../../array.ts";
import { inputError } from "../../error.ts";

/**
 * A periodic hypercubic lattice: every site has one bond forward along each axis, so a lattice of N sites in d
 * dimensions has exactly dN bonds, each counted once. On a side of length 2 the bond forward and the bond back
 * join the same two sites and both count: the pair is coupled twice, as in Kaufman's formula.
 */
export interface Lattice {
  /** Sides, slowest-varying axis first. */
  readonly shape: readonly number[];
  /** Number of sites N. */
  readonly sites: number;
  /** `[sites, 2 · axes]`: site forward and site backward along each axis in turn. */
  readonly neighbours: Int32Array;
  /** `[axes · sites, 2]`: the two ends of each bond. */
  readonly bonds: Int32Array;
  /** `[sites]`: +1 where the sum of a site's coordinates is even, −1 where it is odd. */
  readonly parity: Int8Array;
  /** Whether every side is even, so that neighbours always differ in parity and no antiferromagnet is frustrated. */
  readonly bipartite: boolean;
}

/** Number of sites beyond which a lattice is refused: a row of spins should stay a small thing. */
const largest = 2 ** 24;

/**
 * The periodic lattice with the given sides.
 *
 * @param shape one to three sides, each a whole number of at least 2: `[64]` is a ring, `[8, 8]` a torus.
 * @throws AnsatzError (input) when a side or the number of sides is out of range.
 */
export function periodicLattice(shape: readonly number[]): Lattice {
  checkShape(shape);
  const sites = sizeOf(shape);
  const axes = shape.length;
  const neighbours = new Int32Array(sites * 2 * axes);
  const bonds = new Int32Array(sites * 2 * axes);
  const parity = new Int8Array(sites).fill(1);
  let stride = sites;
  shape.forEach((side, axis) => {
    stride /= side;
    for (let site = 0; site < sites; site++) {
      const coordinate = Math.floor(site / stride) % side;
      const forward = site + (coordinate === side - 1 ? 1 - side : 1) * stride;
      const backward = site + (coordinate === 0 ? side - 1 : -1) * stride;
      const at = 2 * (site * axes + axis);
      neighbours[at] = forward;
      neighbours[at + 1] = backward;
      bonds[at] = site;
      bonds[at + 1] = forward;
      if (coordinate % 2 === 1) parity[site] = -parity[site]!;
    }
  });
  return {
    shape: [...shape],
    sites,
    neighbours,
    bonds,
    parity,
    bipartite: shape.every((side) => side % 2 === 0),
  };
}

function checkShape(shape: readonly number[]): void {
  const shown = shape.join("x");
  if (shape.length < 1 || shape.length > 3)
    throw inputError(`shape ${shown || "(empty)"}: a lattice has one to three sides, such as 64 or 8x8`);
  for (const side of shape)
    if (!Number.isInteger(side) || side < 2)
      throw inputError(`shape ${shown}: a side is a whole number of at least 2, not ${side}`);
  if (sizeOf(shape) > largest) throw inputError(`shape ${shown}: more than ${largest} sites`);
}
