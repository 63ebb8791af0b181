import { addDots, multiply } from "./columns.ts";
import { blockRows } from "./spins.ts";
import type { Candidates } from "./terms.ts";

/** The weights of each row: one for all products, and one for each product by its sites. */
export interface RowWeights {
  /** `[blockRows]` (default 0). */
  readonly common?: Float64Array;
  /** `[sites, blockRows]` (default 0). */
  readonly bySite?: Float64Array;
}

/**
 * Adds to `sums: [products]`, for each product A of the candidates, Σ_r Π_{i∈A} s_i(r) (c(r) + Σ_{i∈A} w_i(r)) over the
 * rows of a block: of all products together at one multiplication (two with weights by site) a product and row, since
 * products share what their first spins make.
 */
export class ProductSums {
  readonly #candidates: Candidates;
  /** By number of spins so far: their product, and that product times its weight. */
  readonly #prefix: Float64Array[];
  readonly #weighted: Float64Array[];
  /** `[sites, blockRows]`: w_i s_i. */
  readonly #pulls: Float64Array;

  constructor(candidates: Candidates) {
    this.#candidates = candidates;
    const depth = Math.max(1, ...candidates.orders);
    this.#prefix = Array.from({ length: depth }, () => new Float64Array(blockRows));
    this.#weighted = Array.from({ length: depth }, () => new Float64Array(blockRows));
    this.#pulls = new Float64Array(candidates.sites * blockRows);
  }

  add(spins: Float64Array, { common, bySite }: RowWeights, count: number, sums: Float64Array): void {
    const { orders, sites } = this.#candidates;
    if (bySite)
      for (let at = 0; at < sites * blockRows; at += blockRows)
        multiply(bySite, at, spins, at, this.#pulls, at, count);
    this.#prefix[0]!.fill(1, 0, count);
    if (common) this.#weighted[0]!.set(common.subarray(0, count));
    else this.#weighted[0]!.fill(0, 0, count);
    const block = { spins, count, sums, bySite: bySite !== undefined };
    let next = 0;
    for (const order of orders) next = this.#extend(block, order, next, 0, 0);
  }

  /** Multiplies what there is by each site from `from` on, `left` spins being missing; returns the next product's place. */
  #extend(block: Block, left: number, at: number, depth: number, from: number): number {
    const { sites } = this.#candidates;
    const { spins, count, sums, bySite } = block;
    const [q, qw] = [this.#prefix[depth]!, this.#weighted[depth]!];
    const pulls = this.#pulls;
    if (left === 1) {
      // The weights so far are all 0 before the first site where none are common.
      if (depth > 0 || !bySite) addDots(qw, spins, blockRows, from, sites, sums, at, count);
      if (bySite) addDots(q, pulls, blockRows, from, sites, sums, at, count);
      return at + sites - from;
    }
    const [nextQ, nextQw] = [this.#prefix[depth + 1]!, this.#weighted[depth + 1]!];
    let next = at;
    for (let site = from; site <= sites - left; site++) {
      multiply(q, 0, spins, site * blockRows, nextQ, 0, count);
      multiply(qw, 0, spins, site * blockRows, nextQw, 0, count);
      if (bySite) for (let r = 0, p = site * blockRows; r < count; r++, p++) nextQw[r]! += q[r]! * pulls[p]!;
      next = this.#extend(block, left - 1, next, depth + 1, site + 1);
    }
    return next;
  }
}

interface Block {
  readonly spins: Float64Array;
  readonly count: number;
  readonly sums: Float64Array;
  readonly bySite: boolean;
}
