import { lanes, MultiSpin, multiSpinSeedWords } from "../../kernels/multispin.ts";
import { bits } from "../../random/bits.ts";
import type { Key } from "../../random/key.ts";
import type { Lattice } from "../ising/lattice.ts";
import type { Sampler } from "../monte-carlo/ensemble.ts";
import { temperingLadder } from "../monte-carlo/ladder.ts";
import { savedTogether, sweepOrder } from "../monte-carlo/single-spins.ts";
import type { BondSigns } from "./signs.ts";

/**
 * Parallel tempering of 128 chains at once (multi-spin coding): a lattice of 128 replicas at each inverse temperature from
 * β to 0, renewed by a heat bath; two temperatures exchange the configurations of a chain by exchanging its bits. A sweep
 * renews every spin at every temperature, then tries every other neighbouring pair of temperatures, each chain by itself.
 *
 * @param coupling K = βJ.
 */
export function latticeTempering(
  lattice: Lattice,
  signs: BondSigns,
  coupling: number,
): Sampler<Uint8Array<ArrayBuffer>> {
  const { bonds, neighbours, sites } = lattice;
  const couplings = temperingLadder(Math.abs(coupling), Math.sqrt(bonds.length / 2));
  const step = couplings.length > 1 ? couplings[0]! - couplings[1]! : 0;
  // With K < 0 every bond has the other sign.
  const oriented = coupling < 0 ? signs.ofNeighbours.map((sign) => -sign) : signs.ofNeighbours;
  return {
    name: "parallel-tempering",
    sweep: `${sites} single-spin updates at each of ${couplings.length} temperatures`,
    updates: sites * couplings.length,
    start(key, starts) {
      const words = Array.from({ length: Math.ceil(starts.length / lanes) }, (_, w) => {
        const spins = new MultiSpin({
          ...{ degree: neighbours.length / sites, neighbours, order: sweepOrder(lattice) },
          ...{ signs: oriented, couplings: [...couplings], rule: "heat-bath" },
          seed: bits(key.fold(2 * w), multiSpinSeedWords),
        });
        return new TemperedWord(spins, key.fold(2 * w + 1), step);
      });
      starts.forEach((start, c) => {
        words[Math.floor(c / lanes)]!.write(c % lanes, start);
      });
      return {
        advance(sweeps) {
          for (const word of words) word.advance(sweeps);
        },
        read(chain, out) {
          words[Math.floor(chain / lanes)]!.read(chain % lanes, out);
        },
        ...savedTogether(words),
      };
    },
  };
}

/** 128 chains, and how many sweeps they have done. */
class TemperedWord {
  readonly #spins: MultiSpin;
  readonly #key: Key;
  /** ΔK between neighbouring temperatures. */
  readonly #step: number;
  readonly #mask = new Uint32Array(4);
  #sweeps = 0;

  constructor(spins: MultiSpin, key: Key, step: number) {
    this.#spins = spins;
    this.#key = key;
    this.#step = step;
  }

  advance(sweeps: number): void {
    const spins = this.#spins;
    for (let n = 0; n < sweeps; n++) {
      for (let level = 0; level < spins.levels; level++) spins.sweep(level, 1);
      const random = this.#key.fold(this.#sweeps);
      for (let level = this.#sweeps % 2; level + 1 < spins.levels; level += 2)
        this.#exchange(level, bits(random.fold(level), lanes));
      this.#sweeps++;
    }
  }

  read(lane: number, out: Uint8Array): void {
    this.#spins.read(0, lane, out);
  }

  /** Sets a chain at every temperature. */
  write(lane: number, spins: Uint8Array): void {
    for (let level = 0; level < this.#spins.levels; level++) this.#spins.write(level, lane, spins);
  }

  save(): Uint8Array {
    const spins = this.#spins.save();
    const out = new Uint8Array(8 + spins.length);
    new DataView(out.buffer).setFloat64(0, this.#sweeps);
    out.set(spins, 8);
    return out;
  }

  restore(state: Uint8Array): void {
    this.#sweeps = new DataView(state.buffer, state.byteOffset).getFloat64(0);
    this.#spins.restore(state.subarray(8));
  }

  /** Exchanges two temperatures in each lane with probability min(1, e^{ΔK ΔS}), S being Σ ε s s over bonds. */
  #exchange(level: number, words: Uint32Array): void {
    const cold = this.#spins.brokenBonds(level).slice();
    const hot = this.#spins.brokenBonds(level + 1);
    this.#mask.fill(0);
    for (let lane = 0; lane < lanes; lane++) {
      const gain = 2 * this.#step * (cold[lane]! - hot[lane]!);
      if (gain >= 0 || words[lane]! < Math.exp(gain) * 2 ** 32) this.#mask[lane >> 5]! |= 1 << (lane & 31);
    }
    this.#spins.exchange(level, level + 1, this.#mask);
  }
}
