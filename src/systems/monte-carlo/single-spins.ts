import { lanes, MultiSpin, multiSpinSeedWords, type SpinRule } from "../../kernels/multispin.ts";
import { bits } from "../../random/bits.ts";
import type { Lattice } from "../ising/lattice.ts";
import type { Ensemble, Sampler } from "./ensemble.ts";

/**
 * Single-spin updates of Ising spins at coupling K = βJ in a fixed order, of up to 128 chains at once: a
 * vector holds one spin of each chain as a bit (multi-spin coding). A sweep visits every site once. Near T_c
 * it decorrelates in about L^2.17 sweeps.
 *
 * Metropolis' acceptance is ⅞ min(1, e^{−βΔE}), so that sweeps in order reach every configuration of any
 * lattice.
 */
export function singleSpins(
  lattice: Lattice,
  coupling: number,
  rule: SpinRule,
): Sampler<Uint8Array<ArrayBuffer>> {
  const { neighbours, sites } = lattice;
  return {
    name: rule,
    sweep: `${sites} single-spin updates`,
    measureEvery: 4,
    // A frustrated lattice has no domains.
    fromOrder: coupling > 0 || lattice.bipartite,
    start(key, starts) {
      const words = Array.from({ length: Math.ceil(starts.length / lanes) }, (_, w) => {
        const seed = bits(key.fold(w), multiSpinSeedWords);
        const options = { degree: neighbours.length / sites, neighbours, order: sweepOrder(lattice) };
        return new MultiSpin({ ...options, couplings: [coupling], rule, seed });
      });
      starts.forEach((start, c) => {
        words[Math.floor(c / lanes)]!.write(0, c % lanes, start);
      });
      return fromWords(words);
    },
  };
}

/** Words of 128 chains as one ensemble; configurations are those of the first level. */
function fromWords(words: readonly MultiSpin[]): Ensemble<Uint8Array<ArrayBuffer>> {
  return {
    advance(sweeps) {
      for (const word of words) word.sweep(0, sweeps);
    },
    read(chain, out) {
      words[Math.floor(chain / lanes)]!.read(0, chain % lanes, out);
    },
    ...savedTogether(words),
  };
}

/** Saves and restores several kernels with states of the same length. */
export function savedTogether(
  kernels: readonly Pick<MultiSpin, "save" | "restore">[],
): Pick<Ensemble, "save" | "restore"> {
  return {
    save() {
      const parts = kernels.map((kernel) => kernel.save());
      const size = parts[0]!.length;
      const out = new Uint8Array(parts.length * size);
      parts.forEach((part, i) => {
        out.set(part, i * size);
      });
      return out;
    },
    restore(state) {
      const size = state.length / kernels.length;
      kernels.forEach((kernel, i) => {
        kernel.restore(state.subarray(i * size, (i + 1) * size));
      });
    },
  };
}

/**
 * The order of a sweep: row by row, of each row every other site first, so that neighbours do not follow each other and
 * the processor can work on several sites at once.
 */
export function sweepOrder({ sites, shape }: Lattice): Uint32Array {
  const side = shape[shape.length - 1]!;
  const order = new Uint32Array(sites);
  let n = 0;
  for (let row = 0; row < sites; row += side)
    for (const first of [0, 1])
      for (let column = first; column < side; column += 2) order[n++] = row + column;
  return order;
}
