import { TemperedChains, temperedSeedWords } from "../../kernels/pairwise.ts";
import { bits } from "../../random/bits.ts";
import type { Sampler } from "../monte-carlo/ensemble.ts";
import { temperingLadder } from "../monte-carlo/ladder.ts";
import type { Couplings } from "./couplings.ts";

/**
 * Parallel tempering (Hukushima & Nemoto, J. Phys. Soc. Jpn. 65, 1604, 1996) of a heat bath: replicas at
 * inverse temperatures from β to 0; neighbouring replicas are exchanged with probability min(1, e^{ΔβΔE}). A
 * glass or a memory has valleys that single spins leave only after times exponential in its size; through the
 * replicas at high temperature a chain goes around the barriers. A sweep updates every spin of every replica,
 * then tries every other neighbouring pair.
 */
export function tempering({ data, shape }: Couplings, beta: number): Sampler<Uint8Array<ArrayBuffer>> {
  const width = Math.sqrt(data.reduce((sum, j) => sum + j * j, 0) / 2);
  const betas = temperingLadder(beta, width);
  return {
    name: "parallel-tempering",
    sweep: `${shape[0]} single-spin updates of each of ${betas.length} replicas`,
    updates: shape[0]! * betas.length,
    start(key, starts) {
      const seeds = starts.map((_, c) => bits(key.fold(c), temperedSeedWords));
      const chains = new TemperedChains({ matrix: data, betas, seeds });
      starts.forEach((start, c) => {
        chains.write(c, start);
      });
      return {
        advance: (sweeps) => {
          chains.advance(sweeps);
        },
        read: (chain, out) => {
          chains.read(chain, out);
        },
        save: () => chains.save(),
        restore: (state) => {
          chains.restore(state);
        },
      };
    },
  };
}
