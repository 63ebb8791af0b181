import { arena } from "./arena.ts";
import { wasm } from "./generated/lattice.ts";
import { loadKernel } from "./load.ts";

type Generator = [state: number, buffer: number, bytes: number];
type Sites = [spins: number, sites: number, neighbours: number, degree: number];

/** The functions of `kernels/lattice.ts`, over byte offsets into the memory they were loaded over. */
interface LatticeKernel {
  wolff(
    clusters: number,
    ...rest: [...Sites, threshold: number, states: number, anti: boolean, queue: number, ...Generator]
  ): number;
  swendsenWang(
    sweeps: number,
    ...rest: [
      ...Sites,
      threshold: number,
      states: number,
      anti: boolean,
      parents: number,
      values: number,
      ...Generator,
    ]
  ): void;
  pottsMetropolis(
    sweeps: number,
    ...rest: [...Sites, acceptance: number, states: number, ...Generator]
  ): void;
  pottsHeatBath(
    sweeps: number,
    ...rest: [...Sites, weights: number, states: number, counts: number, ...Generator]
  ): void;
  rotorMetropolis(sweeps: number, ...rest: [...Sites, coupling: number, width: number, ...Generator]): void;
  overrelax(sweeps: number, ...rest: Sites): void;
  rotorWolff(clusters: number, ...rest: [...Sites, coupling: number, queue: number, ...Generator]): number;
  rotors(angles: number, sites: number, spins: number): void;
  angles(spins: number, sites: number, out: number): void;
}

/** 32-bit words that seed the generator of one chain. */
export const chainSeedWords = 16;
const stateBytes = 4 * chainSeedWords;

/** See {@link LatticeChains}. */
export interface LatticeChainsOptions {
  /** Neighbours of a site, two for each direction. */
  readonly degree: number;
  /** `[sites, degree]`: site forward and site backward along each direction in turn. */
  readonly neighbours: Int32Array;
  /** Bytes of a site: 1 for a spin of up to 256 states, 16 for a rotor. */
  readonly bytes: 1 | 16;
  /** Words of the seed of each chain, {@link chainSeedWords} each. */
  readonly seeds: readonly Uint32Array[];
}

/** Independent chains over one lattice, each updated alone: clusters, Potts spins, planar rotors. */
export class LatticeChains {
  readonly sites: number;
  readonly count: number;
  readonly #kernel: LatticeKernel;
  readonly #memory: WebAssembly.Memory;
  readonly #degree: number;
  readonly #bytes: number;
  readonly #spins: number;
  readonly #states: number;
  readonly #neighbours: number;
  /** Room for one number of 32 bits per site, and for one byte per site (256 at least). */
  readonly #queue: number;
  readonly #values: number;
  /** `[2 degree + 1]` doubles, as {@link setTable} was given them. */
  readonly #table: number;
  readonly #buffer: number;
  readonly #bufferBytes: number;

  /** Sets all sites to zero. Throws AnsatzError (failure) if the chains do not fit in memory. */
  constructor({ degree, neighbours, bytes, seeds }: LatticeChainsOptions) {
    this.sites = neighbours.length / degree;
    this.count = seeds.length;
    this.#degree = degree;
    this.#bytes = bytes;
    // Small lattices use few random numbers a call, and what is left in the buffer then is thrown away.
    this.#bufferBytes = Math.min(8192, 64 * Math.max(4, Math.ceil(this.sites / 8)));
    const { memory, offsets } = arena([
      this.count * this.sites * bytes,
      this.count * stateBytes,
      4 * neighbours.length,
      4 * this.sites,
      Math.max(this.sites, 256),
      8 * (2 * degree + 1),
      this.#bufferBytes,
    ]);
    [this.#spins, this.#states, this.#neighbours, this.#queue, this.#values, this.#table, this.#buffer] =
      offsets;
    this.#memory = memory;
    this.#kernel = loadKernel<LatticeKernel>(wasm, memory);
    new Int32Array(memory.buffer, this.#neighbours, neighbours.length).set(neighbours);
    seeds.forEach((seed, c) => {
      new Uint32Array(memory.buffer, this.#states + c * stateBytes, chainSeedWords).set(
        seed.subarray(0, chainSeedWords),
      );
    });
  }

  /** The spins of a chain, in the memory of the kernel. */
  spins(chain: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, this.#place(chain), this.sites);
  }

  /** Clusters of Wolff's; returns how many sites they had. See kernels/lattice/wolff.ts. */
  wolff(chain: number, clusters: number, probability: number, states: number, anti = false): number {
    return this.#kernel.wolff(
      clusters,
      ...([...this.#lattice(chain), probability * 2 ** 32, states, anti, this.#queue] as const),
      ...this.#generator(chain),
    );
  }

  /** Sweeps of Swendsen and Wang's. See kernels/lattice/swendsen-wang.ts. */
  swendsenWang(chain: number, sweeps: number, probability: number, states: number, anti = false): void {
    this.#kernel.swendsenWang(
      sweeps,
      ...([...this.#lattice(chain), probability * 2 ** 32, states, anti, this.#queue, this.#values] as const),
      ...this.#generator(chain),
    );
  }

  /** The numbers that the Potts updates look up; see kernels/lattice/potts.ts. */
  setTable(values: Float64Array): void {
    new Float64Array(this.#memory.buffer, this.#table, 2 * this.#degree + 1).set(values);
  }

  pottsMetropolis(chain: number, sweeps: number, states: number): void {
    this.#kernel.pottsMetropolis(
      sweeps,
      ...([...this.#lattice(chain), this.#table, states, ...this.#generator(chain)] as const),
    );
  }

  pottsHeatBath(chain: number, sweeps: number, states: number): void {
    new Uint8Array(this.#memory.buffer, this.#values, 256).fill(0);
    this.#kernel.pottsHeatBath(
      sweeps,
      ...([...this.#lattice(chain), this.#table, states, this.#values, ...this.#generator(chain)] as const),
    );
  }

  /** Metropolis updates of rotors at coupling K = βJ; see kernels/lattice/xy.ts for `width`. */
  rotorMetropolis(chain: number, sweeps: number, coupling: number, width: number): void {
    this.#kernel.rotorMetropolis(
      sweeps,
      ...([...this.#lattice(chain), coupling, width, ...this.#generator(chain)] as const),
    );
  }

  /** Reflections of rotors about the field of their neighbours. */
  overrelax(chain: number, sweeps: number): void {
    this.#kernel.overrelax(sweeps, ...this.#lattice(chain));
  }

  /** Clusters of rotors at coupling K = βJ; returns how many sites they had. */
  rotorWolff(chain: number, clusters: number, coupling: number): number {
    return this.#kernel.rotorWolff(
      clusters,
      ...([...this.#lattice(chain), coupling, this.#queue, ...this.#generator(chain)] as const),
    );
  }

  /** Sets the rotors of a chain from angles. */
  setAngles(chain: number, angles: Float32Array): void {
    new Float32Array(this.#memory.buffer, this.#queue, this.sites).set(angles);
    this.#kernel.rotors(this.#queue, this.sites, this.#place(chain));
  }

  /** The angles of the rotors of a chain, in [−π, π): a view that the next call overwrites. */
  angles(chain: number): Float32Array {
    this.#kernel.angles(this.#place(chain), this.sites, this.#queue);
    return new Float32Array(this.#memory.buffer, this.#queue, this.sites);
  }

  /** Saves the complete state of the chains: generators and configurations. */
  save(): Uint8Array {
    const out = new Uint8Array(this.count * (stateBytes + this.sites * this.#bytes));
    out.set(this.#generators());
    out.set(this.#configurations(), this.count * stateBytes);
    return out;
  }

  /** Goes on from what {@link save} returned. */
  restore(state: Uint8Array): void {
    this.#generators().set(state.subarray(0, this.count * stateBytes));
    this.#configurations().set(state.subarray(this.count * stateBytes));
  }

  #generators(): Uint8Array {
    return new Uint8Array(this.#memory.buffer, this.#states, this.count * stateBytes);
  }

  #configurations(): Uint8Array {
    return new Uint8Array(this.#memory.buffer, this.#spins, this.count * this.sites * this.#bytes);
  }

  #place(chain: number): number {
    return this.#spins + chain * this.sites * this.#bytes;
  }

  #lattice(chain: number): Sites {
    return [this.#place(chain), this.sites, this.#neighbours, this.#degree];
  }

  #generator(chain: number): Generator {
    return [this.#states + chain * stateBytes, this.#buffer, this.#bufferBytes];
  }
}
