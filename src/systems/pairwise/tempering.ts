import type { Key } from "../../random/key.ts";
import { type Stream, stream } from "../../random/stream.ts";
import type { Chain, Sampler } from "../spins/sampler.ts";
import { type Couplings, energyOf, fieldOf } from "./couplings.ts";

/**
 * Parallel tempering (Hukushima & Nemoto, J. Phys. Soc. Jpn. 65, 1604, 1996) of single-spin Metropolis updates:
 * replicas at inverse temperatures evenly spaced from 0 to β, neighbours of which are exchanged with probability
 * min(1, e^{ΔβΔE}). A glass or a memory has valleys that single spins leave only after times exponential in its size;
 * through the replicas at high temperature a chain goes around the walls.
 *
 * The spacing is one standard deviation of the energy at β = 0, √Σ_{i<j}J_ij², in units of 1/E: about half of the
 * exchanges are then accepted there, and more where the energy fluctuates less. A sweep is N single-spin updates of
 * every replica, then one attempt to exchange every other neighbouring pair. Half of all calls to `advance` add one
 * update of each replica, so that no parity of up spins is conserved at β = 0.
 */
export function tempering(couplings: Couplings, beta: number): Sampler {
  const sites = couplings.shape[0]!;
  const width = Math.sqrt(couplings.data.reduce((sum, j) => sum + j * j, 0) / 2);
  const intervals = Math.ceil(Math.abs(beta) * width);
  const betas = Float64Array.from(
    { length: intervals + 1 },
    (_, r) => beta * (1 - r / Math.max(intervals, 1)),
  );
  return {
    name: "parallel tempering",
    sweep: `${sites} single-spin updates of each of ${betas.length} replicas`,
    chain: (key, start) => new TemperedChain(couplings.data, betas, key, start),
  };
}

class TemperedChain implements Chain {
  readonly #betas: Float64Array;
  /** In the order of the temperatures: the first is at β. */
  readonly #replicas: Replica[];
  readonly #random: Stream;
  #odd: 0 | 1 = 0;

  constructor(matrix: Float64Array, betas: Float64Array, key: Key, start: Uint8Array) {
    this.#betas = betas;
    this.#replicas = Array.from(betas, () => new Replica(matrix, start));
    this.#random = stream(key);
  }

  get spins(): Uint8Array {
    return this.#replicas[0]!.spins;
  }

  advance(sweeps: number): void {
    const random = this.#random;
    // Afresh, so that the rounding of many updates does not add up.
    for (const replica of this.#replicas) replica.refresh();
    const extra = random.below(2);
    for (let sweep = 0; sweep < sweeps; sweep++) {
      this.#replicas.forEach((replica, r) => {
        replica.update(replica.sites + (sweep === 0 ? extra : 0), this.#betas[r]!, random);
      });
      this.#exchange();
    }
  }

  #exchange(): void {
    const replicas = this.#replicas;
    for (let r: number = this.#odd; r + 1 < replicas.length; r += 2) {
      const [cold, hot] = [replicas[r]!, replicas[r + 1]!];
      const gain = (this.#betas[r]! - this.#betas[r + 1]!) * (cold.energy - hot.energy);
      if (gain >= 0 || this.#random.uniform() < Math.exp(gain)) {
        replicas[r] = hot;
        replicas[r + 1] = cold;
      }
    }
    this.#odd = this.#odd === 0 ? 1 : 0;
  }
}

/** One configuration, with its energy and the field on every site. */
class Replica {
  readonly sites: number;
  readonly spins: Uint8Array;
  energy = 0;
  readonly #matrix: Float64Array;
  readonly #signs: Float64Array;
  readonly #fields: Float64Array;

  constructor(matrix: Float64Array, start: Uint8Array) {
    this.sites = start.length;
    this.spins = start.slice();
    this.#matrix = matrix;
    this.#signs = Float64Array.from(start, (spin) => 2 * spin - 1);
    this.#fields = new Float64Array(start.length);
  }

  refresh(): void {
    this.energy = energyOf(this.#matrix, this.#signs);
    for (let i = 0; i < this.sites; i++) this.#fields[i] = fieldOf(this.#matrix, this.#signs, i);
  }

  /** Metropolis updates at randomly chosen sites. */
  update(count: number, beta: number, random: Stream): void {
    const { sites, spins } = this;
    const [matrix, signs, fields] = [this.#matrix, this.#signs, this.#fields];
    for (let n = 0; n < count; n++) {
      const site = random.below(sites);
      const change = 2 * signs[site]! * fields[site]!;
      if (beta * change > 0 && random.bits() >= Math.exp(-beta * change) * 2 ** 32) continue;
      const step = 2 * signs[site]!;
      for (let j = 0, at = site * sites; j < sites; j++) fields[j]! -= step * matrix[at + j]!;
      signs[site] = -signs[site]!;
      spins[site]! ^= 1;
      this.energy += change;
    }
  }
}
