import type { Lattice } from "./lattice.ts";
import { type Reduced, reflected } from "./thermodynamics.ts";

/** Coupling at which a frustrated lattice is in its ground states to more digits than a double has: e^{−4K} < 10⁻²⁰. */
const frozen = 12;
/** Maximum amount of work, in units of {@link work}: about two seconds. */
const mostWork = 6.5e8;

/**
 * Exact thermodynamics of the Ising model on a narrow torus at coupling K = βJ of either sign, frustrated or
 * not, by the transfer matrix Z = Tr Tᴹ, applied site by site to vectors of 2^L numbers: L is the shorter
 * side, M the longer.
 *
 * Every number is propagated with its first and second derivative in |K|, so that energy and heat capacity
 * are as exact as log Z; the derivatives are kept relative to the slope of the largest element, so that they
 * stay small. A diagonal element of Tᴹ is the same for rows that a translation, a reflection or a global flip
 * maps onto each other: one of each kind is computed.
 *
 * @returns totals over the lattice; `undefined` if that would take more than about two seconds: beyond 12 ×
 * 38 on the square lattice, 12 × 12 on the triangular one.
 */
export function transferMatrix(lattice: Lattice, coupling: number): Reduced | undefined {
  const [width, length] = [...lattice.shape].sort((a, b) => a - b);
  if (width === undefined || length === undefined || lattice.shape.length !== 2) return undefined;
  if (work(width, length, lattice) > mostWork) return undefined;
  const k = Math.min(Math.abs(coupling), frozen);
  const torus = new Torus(width, length, k, coupling < 0 ? 1 : 0, lattice.kind === "triangular");
  const elements = [...rowKinds(width)].map(([row, count]) => ({ count, ...torus.diagonal(row) }));
  const reference = elements.reduce((best, next) => (next.log > best.log ? next : best));
  // Sums of the elements and of their derivatives, about the slope of the largest.
  let [sum, first, second] = [0, 0, 0];
  for (const { count, log, slope, curvature } of elements) {
    const weight = count * Math.exp(log - reference.log);
    const d = slope - reference.slope;
    sum += weight;
    first += weight * d;
    second += weight * (curvature + d * d);
  }
  const mean = first / sum;
  const log = reference.log + Math.log(sum);
  const deficit = -(reference.slope + mean);
  const slope = lattice.bonds.length / 2 - deficit;
  const entropy = log + k * deficit;
  const reduced = {
    logZ: entropy + Math.abs(coupling) * slope,
    slope,
    entropy,
    heatCapacity: k * k * Math.max(0, second / sum - mean * mean),
  };
  return coupling < 0 ? reflected(reduced) : reduced;
}

/** Sites renewed, over all vectors, times 4: there are about 2^L/4L kinds of row, and L 2^L numbers to renew in each row. */
function work(width: number, length: number, { kind }: Lattice): number {
  return length * 4 ** width * (kind === "triangular" ? 3 : 1);
}

/** One row of each kind that translations, reflections and the flip leave, with the number of rows of that kind. */
function rowKinds(width: number): Map<number, number> {
  const all = 2 ** width - 1;
  const counts = new Map<number, number>();
  for (let row = 0; row <= all; row++) {
    let mirrored = 0;
    for (let j = 0; j < width; j++) mirrored |= ((row >> j) & 1) << (width - 1 - j);
    let least = row;
    for (const image of [row, mirrored, row ^ all, mirrored ^ all])
      for (let turn = 0; turn < width; turn++)
        least = Math.min(least, ((image << turn) | (image >> (width - turn))) & all);
    counts.set(least, (counts.get(least) ?? 0) + 1);
  }
  return counts;
}

/** The logarithm of a diagonal element of Tᴹ, with its first two derivatives in |K|. */
interface Element {
  readonly log: number;
  readonly slope: number;
  readonly curvature: number;
}

/**
 * The transfer matrix of one torus, every satisfied bond counting 1 and every broken one q = e^{−2|K|}. A vector has
 * three numbers for each configuration of a row: a value and its two derivatives. Bit j of a configuration is site j.
 */
class Torus {
  readonly #width: number;
  readonly #length: number;
  readonly #q: number;
  /** 1 where like neighbours break a bond, 0 where unlike ones do. */
  readonly #anti: 0 | 1;
  readonly #triangular: boolean;
  readonly #size: number;
  /** Broken bonds inside a row. */
  readonly #broken: Uint8Array;
  #vector: Float64Array;
  #next: Float64Array;
  readonly #half: Float64Array;

  constructor(width: number, length: number, k: number, anti: 0 | 1, triangular: boolean) {
    this.#width = width;
    this.#length = length;
    this.#q = Math.exp(-2 * k);
    this.#anti = anti;
    this.#triangular = triangular;
    this.#size = 2 ** width;
    this.#broken = Uint8Array.from({ length: this.#size }, (_, row) => {
      let count = 0;
      for (let j = 0; j < width; j++) count += ((row >> j) ^ (row >> ((j + 1) % width)) ^ anti) & 1;
      return count;
    });
    this.#vector = new Float64Array(3 * this.#size);
    this.#next = new Float64Array(triangular ? 3 * this.#size : 0);
    this.#half = new Float64Array(triangular ? 3 * this.#size : 0);
  }

  /** ⟨row|Tᴹ|row⟩. */
  diagonal(row: number): Element {
    this.#vector.fill(0);
    this.#vector[3 * row] = 1;
    let log = 0;
    let slope = 0;
    for (let m = 0; m < this.#length; m++) {
      if (this.#triangular) this.#triangularStep();
      else for (let j = 0; j < this.#width; j++) this.#renew(this.#vector, j);
      this.#weighRows();
      const { factor, growth } = this.#centre();
      log += Math.log(factor);
      slope += growth;
    }
    const [value, first, second] = [0, 1, 2].map((k) => this.#vector[3 * row + k]) as [
      number,
      number,
      number,
    ];
    const d = first / value;
    return { log: log + Math.log(value), slope: slope + d, curvature: second / value - d * d };
  }

  /** Sums over the old spin of site j, joined to the new one by a bond. */
  #renew(v: Float64Array, j: number): void {
    const q = this.#q;
    const stride = 3 << j;
    const like = this.#anti * stride;
    const unlike = stride - like;
    for (let block = 0; block < v.length; block += 2 * stride)
      for (let at = block; at < block + stride; at += 3) {
        const [x0, x1, x2] = [v[at]!, v[at + 1]!, v[at + 2]!];
        const [y0, y1, y2] = [v[at + stride]!, v[at + stride + 1]!, v[at + stride + 2]!];
        v[at + like] = x0 + q * y0;
        v[at + like + 1] = x1 + q * (y1 - 2 * y0);
        v[at + like + 2] = x2 + q * (y2 - 4 * (y1 - y0));
        v[at + unlike] = y0 + q * x0;
        v[at + unlike + 1] = y1 + q * (x1 - 2 * x0);
        v[at + unlike + 2] = y2 + q * (x2 - 4 * (x1 - x0));
      }
  }

  /**
   * One row of the triangular lattice: a new spin j has bonds to the old spins j and j − 1. Spins are updated
   * from the last to the first, so that the old spin j − 1 is still there. The first site needs the old last
   * spin, which is kept by doing the row once for each of its two values.
   */
  #triangularStep(): void {
    const last = this.#width - 1;
    const middle = this.#vector.length / 2;
    this.#next.fill(0);
    for (const old of [0, 1] as const) {
      const half = this.#half;
      half.fill(0);
      half.set(this.#vector.subarray(old * middle, (old + 1) * middle), old * middle);
      for (let j = last; j > 0; j--) {
        this.#renew(half, j);
        this.#weigh(half, (row) => (row >> j) ^ (row >> (j - 1)));
      }
      this.#renew(half, 0);
      this.#weigh(half, (row) => row ^ old);
      for (let i = 0; i < half.length; i++) this.#next[i]! += half[i]!;
    }
    [this.#vector, this.#next] = [this.#next, this.#vector];
  }

  /**
   * Multiplies by q for each broken bond, where the lowest bit of `unlike(row)` is set if the two spins
   * differ.
   */
  #weigh(v: Float64Array, unlike: (row: number) => number): void {
    for (let row = 0; row < this.#size; row++)
      if (((unlike(row) ^ this.#anti) & 1) === 1) multiply(v, 3 * row, this.#q, 1);
  }

  /** Multiplies by the bonds inside the new row. */
  #weighRows(): void {
    const powers = Array.from({ length: this.#width + 1 }, (_, n) => this.#q ** n);
    for (let row = 0; row < this.#size; row++) {
      const n = this.#broken[row]!;
      if (n > 0) multiply(this.#vector, 3 * row, powers[n]!, n);
    }
  }

  /** Divides by the largest value, and takes derivatives about its slope from now on: both are returned. */
  #centre(): { factor: number; growth: number } {
    const v = this.#vector;
    let largest = 0;
    for (let at = 0; at < v.length; at += 3) if (v[at]! > v[largest]!) largest = at;
    const factor = v[largest]!;
    const growth = v[largest + 1]! / factor;
    for (let at = 0; at < v.length; at += 3) {
      const [value, first, second] = [v[at]! / factor, v[at + 1]! / factor, v[at + 2]! / factor];
      v[at] = value;
      v[at + 1] = first - growth * value;
      v[at + 2] = second - growth * (2 * first - growth * value);
    }
    return { factor, growth };
  }
}

/** Multiplies the number at `at` by qⁿ, which has the derivatives −2n qⁿ and 4n² qⁿ in |K|. */
function multiply(v: Float64Array, at: number, power: number, n: number): void {
  const [value, first, second] = [v[at]!, v[at + 1]!, v[at + 2]!];
  v[at] = power * value;
  v[at + 1] = power * (first - 2 * n * value);
  v[at + 2] = power * (second - 4 * n * (first - n * value));
}
