import { realParameter, shapeParameter, wholeParameter } from "../parameters.ts";

// What every system of random couplings between all pairs takes.

/**
 * Maximum number of sites of a system with couplings between all pairs: the matrix then has 4 million of
 * them.
 */
const largest = 2048;

const sitesMessage = `give one side, the number of sites from 2 to ${largest}, such as 20`;

/** `[sites]`: sites have no geometry, so there is one side. */
export const shape = shapeParameter(sitesMessage).refine(
  ([sites = 0, ...rest]) => rest.length === 0 && Number.isInteger(sites) && sites >= 2 && sites <= largest,
  { error: sitesMessage },
);

/** Inverse temperature. */
export const beta = realParameter("give a number (--beta on the command line)");

/** Seed of the couplings (default 0). */
export const seed = wholeParameter(
  0,
  Number.MAX_SAFE_INTEGER,
  "give a whole number of at least 0, which draws the couplings",
).default(0);
