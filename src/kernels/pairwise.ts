import { arena } from "./arena.ts";
import { wasm } from "./generated/pairwise.ts";
import { loadKernel } from "./load.ts";

/** The functions of `kernels/pairwise.ts`, over byte offsets into the memory they were loaded over. */
interface PairwiseKernel {
  temper(
    sweeps: number,
    matrix: number,
    sites: number,
    stride: number,
    replicas: number,
    betas: number,
    order: number,
    signs: number,
    fields: number,
    energies: number,
    odd: number,
    state: number,
    buffer: number,
    bytes: number,
  ): number;
  refresh(
    matrix: number,
    sites: number,
    stride: number,
    replicas: number,
    signs: number,
    fields: number,
    energies: number,
  ): void;
}

/** 32-bit words that seed the generator of one chain. */
export const temperedSeedWords = 16;
const stateBytes = 4 * temperedSeedWords;
const bufferBytes = 4096;

/** See {@link TemperedChains}. */
export interface TemperedChainsOptions {
  /** `[sites, sites]`, symmetric, nothing on the diagonal. */
  readonly matrix: Float64Array;
  /** Inverse temperature of each replica; configurations are read at the first. */
  readonly betas: Float64Array;
  /** Words of the seed of each chain, {@link temperedSeedWords} each. */
  readonly seeds: readonly Uint32Array[];
}

/** Independent chains of parallel tempering over spins that are coupled all to all. */
export class TemperedChains {
  readonly sites: number;
  readonly replicas: number;
  readonly count: number;
  readonly #kernel: PairwiseKernel;
  readonly #memory: WebAssembly.Memory;
  /** Sites and padding to an even number: rows of doubles are whole vectors. */
  readonly #stride: number;
  readonly #matrix: number;
  readonly #betas: number;
  /** Of each chain the replica at each temperature, the signs of all replicas, and the generator. */
  readonly #orders: number;
  readonly #signs: number;
  readonly #states: number;
  /** Fields and energies, of the chain that moves. */
  readonly #fields: number;
  readonly #energies: number;
  readonly #buffer: number;
  /** Which exchange comes next, the same for all chains. */
  #odd = 0;

  /** Throws AnsatzError (failure) if the chains do not fit in memory. */
  constructor({ matrix, betas, seeds }: TemperedChainsOptions) {
    this.sites = Math.sqrt(matrix.length);
    this.replicas = betas.length;
    this.count = seeds.length;
    this.#stride = this.sites + (this.sites % 2);
    const { memory, offsets } = arena([
      this.sites * this.#stride * 8,
      this.replicas * 8,
      this.count * this.replicas * 4,
      this.count * this.#signBytes,
      this.count * stateBytes,
      this.#signBytes,
      this.replicas * 8,
      bufferBytes,
    ]);
    [
      this.#matrix,
      this.#betas,
      this.#orders,
      this.#signs,
      this.#states,
      this.#fields,
      this.#energies,
      this.#buffer,
    ] = offsets;
    this.#memory = memory;
    this.#kernel = loadKernel<PairwiseKernel>(wasm, memory);
    for (let i = 0; i < this.sites; i++)
      new Float64Array(memory.buffer, this.#matrix + 8 * i * this.#stride, this.sites).set(
        matrix.subarray(i * this.sites, (i + 1) * this.sites),
      );
    new Float64Array(memory.buffer, this.#betas, this.replicas).set(betas);
    seeds.forEach((seed, c) => {
      const words = seed.subarray(0, temperedSeedWords);
      new Uint32Array(memory.buffer, this.#states + c * stateBytes, temperedSeedWords).set(words);
      this.#order(c).set(betas.map((_, r) => r));
    });
  }

  /** Moves every chain on. */
  advance(sweeps: number): void {
    const sizes = [this.#matrix, this.sites, this.#stride, this.replicas] as const;
    let odd = this.#odd;
    for (let c = 0; c < this.count; c++) {
      const fields = [this.#signs + c * this.#signBytes, this.#fields, this.#energies] as const;
      const order = this.#orders + c * this.replicas * 4;
      const generator = [this.#states + c * stateBytes, this.#buffer, bufferBytes] as const;
      // Afresh, so that the rounding of many updates does not add up.
      this.#kernel.refresh(...sizes, ...fields);
      odd = this.#kernel.temper(
        ...([sweeps, ...sizes, this.#betas, order, ...fields, this.#odd, ...generator] as const),
      );
    }
    this.#odd = odd;
  }

  /** Copies the configuration at the first temperature, 0 or 1 a site. */
  read(chain: number, out: Uint8Array): void {
    const signs = this.#replica(chain, this.#order(chain)[0]!);
    for (let i = 0; i < this.sites; i++) out[i] = signs[i]! > 0 ? 1 : 0;
  }

  /** Sets every replica of a chain. */
  write(chain: number, spins: Uint8Array): void {
    for (let r = 0; r < this.replicas; r++)
      this.#replica(chain, r).set(Float64Array.from(spins, (spin) => 2 * spin - 1));
  }

  /** All that the chains go on from. */
  save(): Uint8Array {
    const parts = [this.#generators(), this.#temperatures(), this.#configurations()];
    const out = new Uint8Array(1 + parts.reduce((sum, part) => sum + part.length, 0));
    out[0] = this.#odd;
    let at = 1;
    for (const part of parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }

  /** Goes on from what {@link save} returned. */
  restore(state: Uint8Array): void {
    this.#odd = state[0]!;
    let at = 1;
    for (const part of [this.#generators(), this.#temperatures(), this.#configurations()]) {
      part.set(state.subarray(at, at + part.length));
      at += part.length;
    }
  }

  get #signBytes(): number {
    return this.replicas * this.#stride * 8;
  }

  #order(chain: number): Uint32Array {
    return new Uint32Array(this.#memory.buffer, this.#orders + chain * this.replicas * 4, this.replicas);
  }

  #replica(chain: number, r: number): Float64Array {
    const at = this.#signs + chain * this.#signBytes + r * this.#stride * 8;
    return new Float64Array(this.#memory.buffer, at, this.sites);
  }

  #generators(): Uint8Array {
    return new Uint8Array(this.#memory.buffer, this.#states, this.count * stateBytes);
  }

  #temperatures(): Uint8Array {
    return new Uint8Array(this.#memory.buffer, this.#orders, this.count * this.replicas * 4);
  }

  #configurations(): Uint8Array {
    return new Uint8Array(this.#memory.buffer, this.#signs, this.count * this.#signBytes);
  }
}
