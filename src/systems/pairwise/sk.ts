import * as z from "zod";
import { Key } from "../../random/key.ts";
import { normal } from "../../random/normal.ts";
import { realParameter } from "../parameters.ts";
import type { SystemKind } from "../system.ts";
import { type Couplings, couplingsOf } from "./couplings.ts";
import { beta, seed, shape } from "./parameters.ts";
import { type Pairwise, pairwiseSystem } from "./system.ts";

/** Complete parameters of the Sherrington–Kirkpatrick model. */
export type SkParameters = {
  /** Shape of a configuration, `[sites]`. */
  readonly shape: readonly number[];
  /** Inverse temperature; the glass transition of the infinite system is at β = 1/J. */
  readonly beta: number;
  /** Scale of the couplings: J_ij has the variance J²/N. */
  readonly J: number;
  /** Draws the couplings. */
  readonly seed: number;
};

/**
 * The Sherrington–Kirkpatrick spin glass (Phys. Rev. Lett. 35, 1792, 1975): H = −Σ_{i<j} J_ij s_i s_j with J_ij drawn
 * from N(0, J²/N) by `seed`, the same on every machine.
 */
export const sk = {
  name: "sk",
  summary: "Sherrington–Kirkpatrick spin glass, H = −Σ_{i<j} J_ij s_i s_j, J_ij from N(0, J²/N) by seed",
  parameterNames: ["shape", "beta", "J", "seed"],
  schema: z.strictObject({ shape, beta, J: realParameter("give a number").default(1), seed }),
  create(parameters: SkParameters): Pairwise<SkParameters> {
    return pairwiseSystem({ name: "sk", parameters, couplings: skCouplings(parameters) });
  },
  shapeOf: (row) => row,
} satisfies SystemKind<"u8", SkParameters>;

/** Couplings J_ij = J z_ij/√N with standard normal z_ij, drawn row by row of the upper triangle. */
export function skCouplings(parameters: Omit<SkParameters, "beta">): Couplings {
  const [sites = 0] = parameters.shape;
  const draws = normal(Key.fromSeed(parameters.seed), (sites * (sites - 1)) / 2, "f64");
  let next = 0;
  return couplingsOf(sites, () => (parameters.J * draws[next++]!) / Math.sqrt(sites));
}
