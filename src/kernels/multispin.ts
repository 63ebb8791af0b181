import { usageError } from "../error.ts";
import { arena } from "./arena.ts";
import { wasm } from "./generated/multispin.ts";
import { loadKernel } from "./load.ts";

/** The functions of `kernels/multispin.ts`, over byte offsets into the memory they were loaded over. */
interface MultiSpinKernel {
  sweep(
    sweeps: number,
    degree: number,
    heat: boolean,
    spins: number,
    table: number,
    sites: number,
    signs: number,
    own: number,
    digits: number,
    state: number,
    buffer: number,
    bytes: number,
  ): void;
  countBonds(
    degree: number,
    spins: number,
    table: number,
    sites: number,
    signs: number,
    own: number,
    counters: number,
    out: number,
  ): void;
  countUp(spins: number, places: number, count: number, counters: number, out: number): void;
  unpack(spins: number, sites: number, lane: number, out: number): void;
  pack(spins: number, sites: number, lane: number, from: number): void;
  exchange(a: number, b: number, sites: number, which: number): void;
}

/** Replicas in one vector. */
export const lanes = 128;
/** Bytes of a vector. */
const vector = 16;
/** Binary digits of a probability, and classes of bonds that have one each; see kernels/multispin/sweep.ts. */
const digits = 53;
const classes = 3;
/** 32-bit words that seed the generator. */
export const multiSpinSeedWords = 16;
/** Bytes of random vectors made at once: they stay in the nearest cache, with what else is read. */
const bufferBytes = 8192;

/** How a spin is renewed. */
export type SpinRule = "metropolis" | "heat-bath";

/** What {@link MultiSpin} simulates. */
export interface MultiSpinOptions {
  /** Neighbours of a site: 2, 4 or 6. */
  readonly degree: number;
  /** `[sites, degree]`. */
  readonly neighbours: Int32Array;
  /** The order in which a sweep visits sites; neighbours far apart in it can be renewed side by side. */
  readonly order: Uint32Array;
  /** `[sites, degree]`: the sign of each bond, the same from both its ends (default: all positive). */
  readonly signs?: Int8Array;
  /** K = βJ of each level; each level is a separate lattice with 128 replicas. */
  readonly couplings: readonly number[];
  readonly rule: SpinRule;
  /** Words of the seed, {@link multiSpinSeedWords} of them, for all levels together. */
  readonly seed: Uint32Array;
}

/**
 * 128 independent replicas of Ising spins on a lattice of sites with 2, 4 or 6 neighbours, in the bits of one
 * vector per site, at one coupling or at several (levels): P ∝ exp(K Σ ε_ij s_i s_j). Each replica draws its
 * own random bits; probabilities are right to 2⁻⁵³. All its numbers are the same in every engine.
 */
export class MultiSpin {
  readonly sites: number;
  readonly levels: number;
  readonly #kernel: MultiSpinKernel;
  readonly #memory: WebAssembly.Memory;
  readonly #degree: number;
  readonly #heat: boolean;
  readonly #own: readonly number[];
  readonly #at: {
    readonly spins: number;
    readonly table: number;
    readonly signs: number;
    readonly digits: number;
    readonly state: number;
    readonly buffer: number;
    readonly counters: number;
    readonly counts: number;
    readonly mask: number;
    readonly row: number;
  };
  readonly #levelBytes: number;

  /**
   * Sets all spins down.
   *
   * @throws AnsatzError: usage for another number of neighbours, failure if the lattice does not fit in
   * memory.
   */
  constructor({ degree, neighbours, order, signs, couplings, rule, seed }: MultiSpinOptions) {
    if (degree !== 2 && degree !== 4 && degree !== 6)
      throw usageError(`spins have 2, 4 or 6 neighbours in a multi-spin kernel, not ${degree}`);
    this.sites = order.length;
    this.levels = couplings.length;
    this.#degree = degree;
    this.#heat = rule === "heat-bath";
    this.#own = couplings.map((k) => (k < 0 ? 0 : -1));
    this.#levelBytes = this.sites * vector;
    const words = this.sites * (degree + 1);
    const { memory, offsets } = arena([
      this.levels * this.#levelBytes,
      4 * words,
      signs ? 4 * this.sites * degree : 0,
      this.levels * digits * classes * vector,
      4 * vector,
      bufferBytes,
      28 * vector,
      4 * lanes,
      vector,
      this.sites,
    ]);
    const [spins, table, signsAt, digitsAt, state, buffer, counters, counts, mask, row] = offsets;
    this.#at = {
      ...{ spins, table, signs: signs ? signsAt : 0, digits: digitsAt, state, buffer },
      ...{ counters, counts, mask, row },
    };
    this.#memory = memory;
    this.#kernel = loadKernel<MultiSpinKernel>(wasm, memory);
    const places = new Uint32Array(memory.buffer, table, words);
    order.forEach((site, n) => {
      places[n * (degree + 1)] = site * vector;
      for (let k = 0; k < degree; k++)
        places[n * (degree + 1) + 1 + k] = neighbours[site * degree + k]! * vector;
    });
    if (signs) {
      const masks = new Int32Array(memory.buffer, signsAt, this.sites * degree);
      order.forEach((site, n) => {
        for (let k = 0; k < degree; k++) masks[n * degree + k] = signs[site * degree + k]! < 0 ? -1 : 0;
      });
    }
    couplings.forEach((coupling, level) => {
      this.#writeDigits(level, Math.abs(coupling));
    });
    new Uint32Array(memory.buffer, state, multiSpinSeedWords).set(seed.subarray(0, multiSpinSeedWords));
  }

  /** Visits every site of a level `sweeps` times. */
  sweep(level: number, sweeps: number): void {
    const { table, signs, digits: from, state, buffer } = this.#at;
    this.#kernel.sweep(
      ...([sweeps, this.#degree, this.#heat, this.#spins(level), table, this.sites, signs] as const),
      ...([this.#own[level]!, from + level * digits * classes * vector, state, buffer, bufferBytes] as const),
    );
  }

  /** How many bonds are not satisfied in each replica of a level, a view that the next call overwrites. */
  brokenBonds(level: number): Uint32Array {
    const { table, signs, counters, counts } = this.#at;
    this.#kernel.countBonds(
      ...([this.#degree, this.#spins(level), table, this.sites, signs] as const),
      ...([this.#own[level]!, counters, counts] as const),
    );
    const view = new Uint32Array(this.#memory.buffer, counts, lanes);
    // Every bond was seen from both its ends.
    for (let lane = 0; lane < lanes; lane++) view[lane]! >>>= 1;
    return view;
  }

  /** Copies the spins of one replica, 0 or 1 a site. */
  read(level: number, lane: number, out: Uint8Array): void {
    const { row } = this.#at;
    this.#kernel.unpack(this.#spins(level), this.sites, lane, row);
    out.set(new Uint8Array(this.#memory.buffer, row, this.sites));
  }

  /** Sets the spins of one replica. */
  write(level: number, lane: number, spins: Uint8Array): void {
    const { row } = this.#at;
    new Uint8Array(this.#memory.buffer, row, this.sites).set(spins);
    this.#kernel.pack(this.#spins(level), this.sites, lane, row);
  }

  /** Exchanges the configurations of two levels in the lanes set in `mask`, 4 words. */
  exchange(a: number, b: number, mask: Uint32Array): void {
    new Uint32Array(this.#memory.buffer, this.#at.mask, 4).set(mask);
    this.#kernel.exchange(this.#spins(a), this.#spins(b), this.sites, this.#at.mask);
  }

  /** All that a simulation goes on from: the generator and the spins. */
  save(): Uint8Array {
    const out = new Uint8Array(4 * vector + this.levels * this.#levelBytes);
    out.set(this.#generator());
    out.set(this.#configurations(), 4 * vector);
    return out;
  }

  /** Goes on from what {@link save} returned. */
  restore(state: Uint8Array): void {
    this.#generator().set(state.subarray(0, 4 * vector));
    this.#configurations().set(state.subarray(4 * vector));
  }

  #generator(): Uint8Array {
    return new Uint8Array(this.#memory.buffer, this.#at.state, 4 * vector);
  }

  #configurations(): Uint8Array {
    return new Uint8Array(this.#memory.buffer, this.#at.spins, this.levels * this.#levelBytes);
  }

  #spins(level: number): number {
    return this.#at.spins + level * this.#levelBytes;
  }

  /** The binary digits of the three probabilities at coupling |K|, a vector of zeros or ones each. */
  #writeDigits(level: number, k: number): void {
    const size = digits * classes * 4;
    const out = new Int32Array(this.#memory.buffer, this.#at.digits + level * size * 4, size);
    for (let c = 1; c <= classes; c++) {
      let p = this.#heat ? 1 / (1 + Math.exp(4 * c * k)) : 0.875 * Math.exp(-4 * c * k);
      for (let d = 0; d < digits; d++) {
        p *= 2;
        const one = p >= 1;
        if (one) p -= 1;
        const from = 4 * (d * classes + c - 1);
        out.fill(one ? -1 : 0, from, from + 4);
      }
    }
  }
}
