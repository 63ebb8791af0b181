import { addDots, addMultiple, dot, multiply } from "./columns.ts";
import type { Design } from "./design.ts";
import type { Evaluation, Objective } from "./objective.ts";
import { ProductSums } from "./product-sums.ts";
import { blockRows, blocksOf, loadBlock, type RowRange, rowsIn, type Spins } from "./spins.ts";
import type { Candidates, Term } from "./terms.ts";

/** Factors 1 + e⁻ˣ ≤ 2 that are multiplied before their logarithm is taken: their product stays below 2^1024. */
const factors = 512;

/** Rows that penalties are taken from. */
const penaltyRows = 8192;
/** Least penalty: products that almost never pull are not for free. */
const leastPenalty = 0.01;

/**
 * The joint negative log pseudo-likelihood −Σ_i log P(s_i | all other sites) of a row, in nats, of
 * log P(s) = const + Σ_A K_A s_A: with the margin m_i = Σ_{A∋i} K_A s_A it is Σ_i log(1 + exp(−2m_i)). Every product has
 * one coefficient, whichever of its sites is conditioned on.
 *
 * Sources: Besag, The Statistician 24 (1975) 179; for spins Ravikumar, Wainwright & Lafferty, Ann. Stat. 38 (2010) 1287,
 * and Aurell & Ekeberg, Phys. Rev. Lett. 108 (2012) 090201.
 */
export class PseudoLikelihood implements Objective {
  readonly spins: Spins;
  readonly always: readonly Term[] = [];
  readonly likelihood = true;
  readonly #block: Float64Array;
  /** `[sites, blockRows]` each: 2σ(−2m_i), the pull on the margin, and 4σ(2m_i)σ(−2m_i), the curvature. */
  readonly #pull: Float64Array;
  readonly #curvature: Float64Array;
  readonly #losses = new Float64Array(blockRows);
  readonly #product = new Float64Array(blockRows);

  constructor(spins: Spins) {
    this.spins = spins;
    this.#block = new Float64Array(spins.sites * blockRows);
    this.#pull = new Float64Array(spins.sites * blockRows);
    this.#curvature = new Float64Array(spins.sites * blockRows);
  }

  evaluate(design: Design, theta: Float64Array, ranges: readonly RowRange[]): Evaluation {
    const gradient = new Float64Array(theta.length);
    let loss = 0;
    for (const block of blocksOf(ranges)) {
      const count = this.#load(design, theta, block);
      for (let r = 0; r < count; r++) loss += this.#losses[r]!;
      const { values } = design;
      design.bySite.forEach((incidences, site) => {
        for (const { term, column } of incidences)
          gradient[term]! -= dot(this.#pull, site * blockRows, values, column * blockRows, count);
      });
    }
    const rows = rowsIn(ranges);
    return { loss: loss / rows, gradient: gradient.map((g) => g / rows) };
  }

  hessian(design: Design, theta: Float64Array, ranges: readonly RowRange[], stride = 1): Float64Array {
    const n = theta.length;
    const sum = new Float64Array(n * n);
    const weighted = new Float64Array(blockRows);
    for (const block of blocksOf(ranges, stride)) {
      const count = this.#load(design, theta, block);
      const { values } = design;
      design.bySite.forEach((incidences, site) => {
        incidences.forEach(({ term, column }, a) => {
          multiply(this.#curvature, site * blockRows, values, column * blockRows, weighted, 0, count);
          for (let b = a; b < incidences.length; b++) {
            const other = incidences[b]!;
            const h = dot(weighted, 0, values, other.column * blockRows, count);
            sum[term * n + other.term]! += h;
            if (b !== a) sum[other.term * n + term]! += h;
          }
        });
      });
    }
    const rows = rowsIn(ranges, stride);
    return sum.map((h) => h / rows);
  }

  scores(design: Design, theta: Float64Array, ranges: readonly RowRange[], candidates: Candidates) {
    const products = new ProductSums(candidates);
    const sums = new Float64Array(candidates.products.length);
    const weights = { bySite: this.#pull };
    for (const block of blocksOf(ranges)) {
      const count = this.#load(design, theta, block);
      products.add(this.#block, weights, count, sums);
    }
    const rows = rowsIn(ranges);
    const scores = new Float64Array(candidates.terms.length);
    for (let p = 0; p < sums.length; p++) scores[candidates.termOf[p]!]! += sums[p]! / rows;
    return scores;
  }

  /** The score s_A Σ_{i∈A} w_i of a product has the mean square Σ_{i,j∈A} ⟨w_i w_j⟩, w_i being the pulls: |A|² at K = 0. */
  penalties(design: Design, theta: Float64Array, ranges: readonly RowRange[], candidates: Candidates) {
    const { sites } = this.spins;
    const stride = Math.max(1, Math.floor(rowsIn(ranges) / penaltyRows));
    const moments = new Float64Array(sites * sites);
    const pull = this.#pull;
    for (const block of blocksOf(ranges, stride)) {
      const count = this.#load(design, theta, block);
      for (let i = 0; i < sites; i++)
        addDots(pull.subarray(i * blockRows), pull, blockRows, i, sites, moments, i * sites + i, count);
    }
    const squares = new Float64Array(candidates.terms.length);
    candidates.products.forEach((product, p) => {
      let sum = 0;
      for (const i of product)
        for (const j of product) sum += moments[i < j ? i * sites + j : j * sites + i]!;
      squares[candidates.termOf[p]!]! += sum;
    });
    const rows = rowsIn(ranges, stride);
    return squares.map((square) => Math.max(Math.sqrt(square / rows), leastPenalty));
  }

  rowLosses(design: Design, theta: Float64Array, ranges: readonly RowRange[]): Float64Array {
    const losses = new Float64Array(rowsIn(ranges));
    let at = 0;
    for (const block of blocksOf(ranges)) {
      const count = this.#load(design, theta, block);
      losses.set(this.#losses.subarray(0, count), at);
      at += count;
    }
    return losses;
  }

  rowScores(design: Design, theta: Float64Array, ranges: readonly RowRange[]): Float32Array[] {
    const rows = rowsIn(ranges);
    const scores = Array.from(theta, () => new Float32Array(rows));
    let at = 0;
    for (const block of blocksOf(ranges)) {
      const count = this.#load(design, theta, block);
      const { values } = design;
      design.bySite.forEach((incidences, site) => {
        for (const { term, column } of incidences) {
          const own = scores[term]!;
          const [w, x] = [site * blockRows, column * blockRows];
          for (let r = 0; r < count; r++) own[at + r]! += this.#pull[w + r]! * values[x + r]!;
        }
      });
      at += count;
    }
    return scores;
  }

  /** Margins of a block of rows, and what follows from them: losses, pulls and curvatures; returns how many rows. */
  #load(design: Design, theta: Float64Array, block: RowRange): number {
    const count = block[1] - block[0];
    const [losses, product, pull] = [this.#losses, this.#product, this.#pull];
    loadBlock(this.spins, block, this.#block);
    design.fill(this.#block, count);
    losses.fill(0);
    product.fill(1);
    design.bySite.forEach((incidences, site) => {
      const m = site * blockRows;
      pull.fill(0, m, m + count);
      for (const { term, column } of incidences)
        addMultiple(theta[term]!, design.values, column * blockRows, pull, m, count);
      respond(pull, this.#curvature, losses, product, m, count);
      if ((site + 1) % factors === 0 || site + 1 === design.bySite.length)
        for (let r = 0; r < count; r++) {
          losses[r]! += Math.log(product[r]!);
          product[r] = 1;
        }
    });
    return count;
  }
}

/** Pulls in place of margins, curvatures, and the two parts of log(1 + e^{−2m}): max(0, −2m), and the factor 1 + e^{−2|m|}. */
function respond(
  pull: Float64Array,
  curvature: Float64Array,
  losses: Float64Array,
  product: Float64Array,
  m: number,
  count: number,
): void {
  for (let r = 0; r < count; r++) {
    const two = 2 * pull[m + r]!;
    const e = Math.exp(-Math.abs(two));
    const share = 1 / (1 + e);
    if (two < 0) losses[r]! -= two;
    product[r]! *= 1 + e;
    pull[m + r] = two > 0 ? 2 * e * share : 2 * share;
    curvature[m + r] = 4 * e * share * share;
  }
}
