import { usageError } from "../error.ts";
import { addDots, addMultiple, dot } from "./columns.ts";
import type { Design } from "./design.ts";
import type { Evaluation, Objective } from "./objective.ts";
import { ProductSums } from "./product-sums.ts";
import { blockRows, blocksOf, loadBlock, type RowRange, rowsIn, type Spins } from "./spins.ts";
import type { Candidates, Term } from "./terms.ts";

/**
 * Half the squared residual ½ (y − c − Σ_A K_A s_A)² of a row, where y is a log-probability (or log-weight)
 * in nats: the effective Hamiltonian of a model is its least-squares approximation on the configurations that
 * the model draws. The constant c is the first term, a product of no spins.
 */
export class LeastSquares implements Objective {
  readonly spins: Spins;
  readonly always: readonly Term[] = [{ products: [[]] }];
  readonly likelihood = false;
  /** `[rows]`. */
  readonly #values: Float64Array;
  readonly #block: Float64Array;
  readonly #residual = new Float64Array(blockRows);
  /** The last computed second derivatives, which do not depend on the coefficients. */
  #last?: { design: Design; ranges: readonly RowRange[]; stride: number; hessian: Float64Array };

  /** @throws AnsatzError (usage) unless there is one finite value per row. */
  constructor(spins: Spins, values: Float64Array) {
    if (values.length !== spins.rows) throw usageError(`${values.length} values for ${spins.rows} rows`);
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      throw usageError(`the log-probability of row ${bad} is ${values[bad]}, so no formula fits it`);
    this.spins = spins;
    this.#values = values;
    this.#block = new Float64Array(spins.sites * blockRows);
  }

  evaluate(design: Design, theta: Float64Array, ranges: readonly RowRange[]): Evaluation {
    const gradient = new Float64Array(theta.length);
    const residual = this.#residual;
    let loss = 0;
    for (const block of blocksOf(ranges)) {
      const count = this.#load(design, theta, block);
      for (let r = 0; r < count; r++) loss += 0.5 * residual[r]! ** 2;
      for (let t = 0; t < theta.length; t++) {
        gradient[t]! -= dot(residual, 0, design.values, design.whole[t]! * blockRows, count);
      }
    }
    const rows = rowsIn(ranges);
    return { loss: loss / rows, gradient: gradient.map((g) => g / rows) };
  }

  hessian(design: Design, _: Float64Array, ranges: readonly RowRange[], stride = 1): Float64Array {
    const last = this.#last;
    if (last?.design === design && last.ranges === ranges && last.stride === stride) return last.hessian;
    const n = design.terms.length;
    const sum = new Float64Array(n * n);
    // Side by side, in the order of the terms.
    const columns = new Float64Array(n * blockRows);
    for (const block of blocksOf(ranges, stride)) {
      const count = block[1] - block[0];
      loadBlock(this.spins, block, this.#block);
      design.fill(this.#block, count);
      for (let t = 0; t < n; t++) columns.set(design.column(t, count), t * blockRows);
      for (let t = 0; t < n; t++)
        addDots(design.column(t, count), columns, blockRows, t, n, sum, t * n + t, count);
    }
    const rows = rowsIn(ranges, stride);
    for (let a = 0; a < n; a++)
      for (let b = a; b < n; b++) sum[a * n + b] = sum[b * n + a] = sum[a * n + b]! / rows;
    this.#last = { design, ranges, stride, hessian: sum };
    return sum;
  }

  scores(design: Design, theta: Float64Array, ranges: readonly RowRange[], candidates: Candidates) {
    const products = new ProductSums(candidates);
    const sums = new Float64Array(candidates.products.length);
    for (const block of blocksOf(ranges)) {
      const count = this.#load(design, theta, block);
      products.add(this.#block, { common: this.#residual }, count, sums);
    }
    const rows = rowsIn(ranges);
    const scores = new Float64Array(candidates.terms.length);
    for (let p = 0; p < sums.length; p++) scores[candidates.termOf[p]!]! += sums[p]! / rows;
    return scores;
  }

  penalties(_design: Design, _theta: Float64Array, _ranges: readonly RowRange[], { terms }: Candidates) {
    return Float64Array.from(terms, ({ products }) => Math.sqrt(products.length));
  }

  rowLosses(design: Design, theta: Float64Array, ranges: readonly RowRange[]): Float64Array {
    const losses = new Float64Array(rowsIn(ranges));
    let at = 0;
    for (const block of blocksOf(ranges)) {
      const count = this.#load(design, theta, block);
      for (let r = 0; r < count; r++) losses[at++] = 0.5 * this.#residual[r]! ** 2;
    }
    return losses;
  }

  rowScores(design: Design, theta: Float64Array, ranges: readonly RowRange[]): Float32Array[] {
    const rows = rowsIn(ranges);
    const scores = Array.from(theta, () => new Float32Array(rows));
    let at = 0;
    for (const block of blocksOf(ranges)) {
      const count = this.#load(design, theta, block);
      scores.forEach((own, t) => {
        const x = design.whole[t]! * blockRows;
        for (let r = 0; r < count; r++) own[at + r] = this.#residual[r]! * design.values[x + r]!;
      });
      at += count;
    }
    return scores;
  }

  /** Residuals of a block of rows; returns how many rows. */
  #load(design: Design, theta: Float64Array, block: RowRange): number {
    const count = block[1] - block[0];
    const residual = this.#residual;
    loadBlock(this.spins, block, this.#block);
    design.fill(this.#block, count);
    residual.set(this.#values.subarray(block[0], block[1]));
    for (let t = 0; t < theta.length; t++) {
      addMultiple(-theta[t]!, design.values, design.whole[t]! * blockRows, residual, 0, count);
    }
    return count;
  }
}
