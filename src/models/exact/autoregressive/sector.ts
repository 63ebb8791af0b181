import type { NDArray } from "../../../array.ts";
import { usageError } from "../../../error.ts";
import {
  cast,
  cumsum,
  equal,
  expandDims,
  gather,
  greaterEqual,
  lessEqual,
  sub,
  sum,
  type Tensor,
  where,
} from "../../../tensor/index.ts";
import type { Order } from "./conditionals.ts";

/** Logit of a site that the constraint forces: its probability is exactly 0 or 1 in single precision. */
const forced = 1e4;

/**
 * The configurations of `sites` spins with a fixed magnetisation. Each conditional is restricted to values from which
 * the sector can still be reached, so that every draw is in it and the probabilities of the sector sum to 1.
 */
export interface Sector {
  /** Outputs `[batch, 1]` of the site at `position`, from the free ones and the number of ups before it, `[batch, 1]`. */
  outputs(free: Tensor, ups: Tensor, position: Tensor): Tensor;
  /** Outputs of every site `[batch, sites, 1]` of known configurations `x: [batch, sites]`, as the sites lie. */
  allOutputs(free: Tensor, x: Tensor, order: Order): Tensor;
  /** A log-probability `[batch]`, replaced by −∞ for configurations outside the sector. */
  within(logProb: Tensor, x: Tensor): Tensor;
  /**
   * Describes the first of the rows `x: [rows, ...sites]` of bits that is outside the sector; undefined if
   * none is.
   */
  refuses(x: NDArray): string | undefined;
}

/**
 * The sector Σ s_i = `magnetisation` of `sites` spins.
 *
 * @throws AnsatzError (usage) when no configuration has that magnetisation.
 */
export function makeSector(sites: number, magnetisation: number): Sector {
  if (Math.abs(magnetisation) > sites || (sites + magnetisation) % 2 !== 0)
    throw usageError(
      `no configuration of ${sites} spins has magnetisation ${magnetisation}; it is a whole number between ` +
        `${-sites} and ${sites}, ${sites % 2 === 0 ? "even" : "odd"} as the number of sites is`,
    );
  const ups = (sites + magnetisation) / 2;
  /** Forces a site down if no up is left to place, up if only ups are left. */
  const restrict = (free: Tensor, before: Tensor, position: Tensor) => {
    const missing = sub(ups, before);
    const left = sub(sites, cast(position, free.dtype));
    return where(lessEqual(missing, 0), -forced, where(greaterEqual(missing, left), forced, free));
  };
  return {
    outputs: restrict,
    allOutputs(free, x, { sites: at, positions }) {
      const before = cumsum(gather(x, at, 1), 1, { exclusive: true });
      return restrict(free, expandDims(gather(before, positions, 1), 2), expandDims(positions, 1));
    },
    within: (logProb, x) => where(equal(sum(x, 1), ups), logProb, Number.NEGATIVE_INFINITY),
    refuses({ data, shape }) {
      for (let row = 0; row < (shape[0] as number); row++) {
        let up = 0;
        for (let i = row * sites; i < (row + 1) * sites; i++) up += Number(data[i]);
        if (up !== ups)
          return `row ${row} has magnetisation ${2 * up - sites}; the model allows ${magnetisation} alone`;
      }
      return undefined;
    },
  };
}
