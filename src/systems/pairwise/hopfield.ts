import * as z from "zod";
import { type NDArray, ndarray } from "../../array.ts";
import { Key } from "../../random/key.ts";
import { stream } from "../../random/stream.ts";
import { wholeParameter } from "../parameters.ts";
import { spinRows } from "../spins/rows.ts";
import type { SystemKind } from "../system.ts";
import { type Couplings, couplingsOf } from "./couplings.ts";
import { beta, seed, shape } from "./parameters.ts";
import { type Pairwise, pairwiseSystem } from "./system.ts";

/** Complete parameters of the Hopfield model. */
export type HopfieldParameters = {
  /** Shape of a configuration, `[sites]`. */
  readonly shape: readonly number[];
  /** Inverse temperature. */
  readonly beta: number;
  /** Number of patterns. */
  readonly patterns: number;
  /** Draws the patterns. */
  readonly seed: number;
};

/** A Hopfield model with its patterns, `[patterns, sites]` of 0 (−1) and 1 (+1). */
export interface Hopfield extends Pairwise<HopfieldParameters> {
  /** The stored patterns, `[patterns, sites]`. */
  readonly patterns: NDArray<"u8">;
}

/** Maximum number of patterns: beyond it, their couplings are those of a spin glass. */
const most = 2048;

/**
 * The Hopfield model (Proc. Natl. Acad. Sci. 79, 2554, 1982): H = −Σ_{i<j} J_ij s_i s_j with J_ij = (1/N) Σ_μ
 * ξ_i^μ ξ_j^μ of random patterns ξ^μ of ±1, drawn by `seed`. In addition to the magnetisation it has the
 * observable
 * |overlap|, the largest |(1/N) Σ_i ξ_i^μ s_i| with a pattern.
 */
export const hopfield = {
  name: "hopfield",
  summary:
    "Hopfield model, H = −Σ_{i<j} J_ij s_i s_j, J_ij = (1/N) Σ_μ ξ_i^μ ξ_j^μ of random patterns by seed",
  parameterNames: ["shape", "beta", "patterns", "seed"],
  schema: z.strictObject({
    shape,
    beta,
    patterns: wholeParameter(
      1,
      most,
      `give the number of patterns, from 1 to ${most} (--set patterns=3 on the command line)`,
    ),
    seed,
  }),
  create: createHopfield,
  shapeOf: (row) => row,
} satisfies SystemKind<"u8", HopfieldParameters>;

function createHopfield(parameters: HopfieldParameters): Hopfield {
  const patterns = hopfieldPatterns(parameters);
  const system = pairwiseSystem({
    name: "hopfield",
    parameters,
    couplings: hebbianCouplings(patterns),
    observables: { overlap: (x) => largestOverlap(patterns, parameters.shape, x) },
  });
  return Object.assign(system, { patterns });
}

/** Random patterns, each bit of each with probability ½. */
export function hopfieldPatterns(parameters: Omit<HopfieldParameters, "beta">): NDArray<"u8"> {
  const { patterns } = parameters;
  const [sites = 0] = parameters.shape;
  const random = stream(Key.fromSeed(parameters.seed));
  const bits = Uint8Array.from({ length: patterns * sites }, () => random.below(2));
  return ndarray("u8", [patterns, sites], bits);
}

/** Hebb's rule, J_ij = (1/N) Σ_μ ξ_i^μ ξ_j^μ, for patterns `[patterns, sites]` of 0 (−1) and 1 (+1). */
export function hebbianCouplings({ data, shape: [count = 0, sites = 0] }: NDArray<"u8">): Couplings {
  return couplingsOf(sites, (i, j) => {
    let unlike = 0;
    for (let at = 0; at < data.length; at += sites) unlike += data[at + i]! ^ data[at + j]!;
    return (count - 2 * unlike) / sites;
  });
}

function largestOverlap(
  { data: patterns }: NDArray<"u8">,
  sides: readonly number[],
  x: NDArray,
): Float64Array {
  const { spins, rows } = spinRows(sides, x);
  const [sites = 0] = sides;
  return Float64Array.from({ length: rows }, (_, row) => {
    let largest = 0;
    for (let at = 0; at < patterns.length; at += sites) {
      let unlike = 0;
      for (let i = 0; i < sites; i++) unlike += patterns[at + i]! ^ spins[row * sites + i]!;
      largest = Math.max(largest, Math.abs(sites - 2 * unlike));
    }
    return largest / sites;
  });
}
